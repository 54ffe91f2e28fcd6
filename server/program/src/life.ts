/** The life of a process: from its arguments to its exit status. */
import { type Logger, pino } from 'pino';
import { OptionError } from './options.ts';

/** What a process ends with. `misused` (64 of sysexits): the command line or the environment is wrong, so trying again is no use. */
export const EXIT = { done: 0, failed: 1, misused: 64 } as const;

/** Ctrl-C reaches a whole process group, and a parent process may pass it on: the same signal, heard twice. */
const SAME_SIGNAL_MS = 1_000;

/** Another process listens there. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';

  constructor(host: string, port: number) {
    super(`port ${port} of ${host} is taken`);
  }
}

/**
 * Runs a program's body and ends the process with its status. `OptionError` is told as it stands, one line a mistake; a taken port, and
 * what `explain` knows (a store that does not answer), in words; anything else with its stack.
 */
export async function runMain(
  main: () => Promise<number>,
  explain: (error: unknown) => string | null = () => null,
): Promise<never> {
  const status = await main().catch((error: unknown) => {
    if (error instanceof OptionError) {
      console.error(`${error.message}\n--help lists the options.`);
      return EXIT.misused;
    }
    const words =
      error instanceof PortTaken
        ? `${error.message}. Choose another with --port, or 0 for a free one.`
        : explain(error);
    console.error(words ?? error);
    return EXIT.failed;
  });
  // Connections that were opened on the way to a failure must not keep the process alive.
  process.exit(status);
}

/** JSON lines. To standard error where standard output is the command's answer. */
export function openLog(name: string, level: string, to: 'stdout' | 'stderr' = 'stdout'): Logger {
  return pino({ name, level }, pino.destination(to === 'stdout' ? 1 : 2));
}

export interface Running {
  /** For the log line that says it works. `ready: true` in it tells the program that started this one. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Finishes what is in hand and closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts, says so, waits for SIGTERM or SIGINT, stops. A signal that comes while it starts waits for that, so that nothing is left half
 * made. Not stopped within `stopWithinMs`, or asked a second time, the process ends at once. Returns the exit status.
 */
export async function runUntilSignal(
  start: () => Promise<Running>,
  { stopWithinMs, log }: { readonly stopWithinMs: number; readonly log: Logger },
): Promise<number> {
  const signalled = aborted(onSignal());
  const running = await start();
  log.info(running.ready, 'working');
  const { message: signal } = await signalled;
  log.info({ signal }, 'finishing what is in hand');
  const late = setTimeout(() => {
    log.error({ stopWithinMs }, 'not finished in time, leaving');
    process.exit(EXIT.failed);
  }, stopWithinMs);
  await running.stop();
  clearTimeout(late);
  log.info('done');
  return EXIT.done;
}

/** Aborts, with an error named by the signal, at the first SIGTERM or SIGINT; a second one, later, ends the process at once. */
export function onSignal(): AbortSignal {
  const ending = new AbortController();
  let since: number | null = null;
  const heard = (signal: NodeJS.Signals): void => {
    if (since !== null && performance.now() - since > SAME_SIGNAL_MS) process.exit(EXIT.failed);
    since ??= performance.now();
    ending.abort(new Error(signal));
  };
  process.on('SIGTERM', heard);
  process.on('SIGINT', heard);
  return ending.signal;
}

function aborted(signal: AbortSignal): Promise<Error> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}
