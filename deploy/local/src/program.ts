/** One server or worker as a child process: started, awaited, logged to a file, killed and started again on the same port. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitOf, launch, within } from '@seatwire/embedded';
import { lastWords } from './log-tail.ts';

export interface ProgramOptions {
  /** As reports call it: `server 1`. */
  readonly name: string;
  /** The compiled JavaScript to run. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** Node's own options, before `entry`. */
  readonly nodeArgs?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Where it can be reached, without a path; `/readyz` there says when it is ready. */
  readonly url: string;
  /** Told when it ends without being asked to. */
  readonly onExit?: (error: ProgramError) => void;
}

export interface Program {
  readonly name: string;
  readonly url: string;
  readonly logFile: string;
  /** Of the running process, or of the one that ran last. */
  readonly pid: number;
  readonly running: boolean;
  /** SIGTERM, so it drains; SIGKILL when it has not ended after 20 s. */
  stop(): Promise<void>;
  /** By default SIGKILL to it and all its children: a crash. Settles when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Stops it if it runs, starts it with the same options, and waits until it is ready. */
  restart(): Promise<void>;
}

/** It did not start, or ended by itself. The message ends with the last words of its log. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 20_000;

export async function startProgram(options: ProgramOptions): Promise<Program> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  let wanted = true;
  let child = await start(options);
  watch();

  function watch(): void {
    const watched = child;
    watched.once('exit', (code, signal) => {
      if (!wanted || watched !== child) return;
      options.onExit?.(failure(options, `ended by itself (${signal ?? `status ${code}`})`));
    });
  }

  const running = () => child.exitCode === null && child.signalCode === null;
  async function end(signal: NodeJS.Signals): Promise<void> {
    wanted = false;
    if (!running()) return;
    const gone = exitOf(child);
    signalGroup(child, signal);
    await within(STOP_WITHIN_MS, gone);
    if (!running()) return;
    signalGroup(child, 'SIGKILL');
    await gone;
  }

  return {
    name: options.name,
    url: options.url,
    logFile: options.logFile,
    get pid() {
      return child.pid as number;
    },
    get running() {
      return running();
    },
    stop: () => end('SIGTERM'),
    kill: (signal = 'SIGKILL') => end(signal),
    async restart() {
      await end('SIGTERM');
      child = await start(options);
      wanted = true;
      watch();
    },
  };
}

async function start(options: ProgramOptions): Promise<ChildProcess> {
  const log = openSync(options.logFile, 'a');
  const command = {
    file: process.execPath,
    args: ['--enable-source-maps', ...(options.nodeArgs ?? []), options.entry, ...(options.args ?? [])],
    env: options.env,
  };
  const child = launch(command, { cwd: dirname(options.logFile), log, stopSignal: 'SIGTERM' });
  const over = exitOf(child).then(() => 'exit' as const);
  const broken = new Promise<Error>((resolve) => child.once('error', resolve));
  const asked = { answer: 'it was not asked yet' };
  const outcome = await Promise.race([over, broken, readyWithin(options.url, child, asked)]);
  if (outcome === 'ready') {
    child.unref();
    return child;
  }
  signalGroup(child, 'SIGKILL');
  throw failure(
    options,
    outcome === 'exit'
      ? `gave up at start (${child.signalCode ?? `status ${child.exitCode}`})`
      : outcome === 'late'
        ? `was not ready within ${START_WITHIN_MS / 1000} s (${asked.answer})`
        : `cannot be run: ${outcome.message}`,
  );
}

/** Notes in `asked` what it heard last. */
async function readyWithin(
  url: string,
  child: ChildProcess,
  asked: { answer: string },
): Promise<'ready' | 'late'> {
  const deadline = performance.now() + START_WITHIN_MS;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    try {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
      const text = await answer.text();
      if (answer.ok) return 'ready';
      asked.answer = `/readyz says ${answer.status} ${text.slice(0, 300)}`;
    } catch (error) {
      const { message, cause } = error as Error;
      asked.answer = `/readyz: ${cause instanceof Error ? cause.message : message}`;
    }
    await sleep(50);
  }
  return 'late';
}

/** `launch` gives each child a group of its own, so that a server's forked processes end with it. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    // A drain is the main process's to conduct; a crash takes all.
    process.kill(signal === 'SIGKILL' && process.platform !== 'win32' ? -child.pid : child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function failure(options: ProgramOptions, what: string): ProgramError {
  const words = lastWords(options.logFile);
  return new ProgramError(
    `The ${options.name} ${what}; its log is ${options.logFile}.${words === '' ? '' : ` Its last words:\n${words}`}`,
  );
}
