/** The life of a process: from its arguments to its exit status. */
import type { Logger } from 'pino';
import { OptionError } from './options.ts';

/** What a process ends with. `misused` (64 of sysexits): the command line or the environment is wrong, so trying again is no use. */
export const EXIT = { done: 0, failed: 1, misused: 64 } as const;

/** Ctrl-C reaches a whole process group, and whoever started it may pass it on: the same signal, heard twice. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a program's body and ends the process with its status. `OptionError` is told as it stands, one line a mistake; what `explain`
 * knows (a store that does not answer, a port that is taken) in its words; anything else with its stack.
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
    console.error(explain(error) ?? error);
    return EXIT.failed;
  });
  // Connections that were opened on the way to a failure must not keep the process alive.
  process.exit(status);
}

export interface Running {
  /** For the log line that says it works. `ready: true` in it tells whoever started the program. */
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
  const signalled = firstSignal();
  const running = await start();
  log.info(running.ready, 'working');
  const signal = await signalled;
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

function firstSignal(): Promise<NodeJS.Signals> {
  let since: number | null = null;
  return new Promise((resolve) => {
    const heard = (signal: NodeJS.Signals): void => {
      if (since !== null && performance.now() - since > SAME_SIGNAL_MS) process.exit(EXIT.failed);
      since ??= performance.now();
      resolve(signal);
    };
    process.on('SIGTERM', heard);
    process.on('SIGINT', heard);
  });
}
