import type { ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, exitOf, howItEnded, launch, within } from './child.ts';
import { EmbeddedStoreError, explainLog, folderError, lastWords, type StoreName } from './error.ts';
import { claimFolder, type FolderClaim } from './folder-claim.ts';
import { freePort } from './free-port.ts';
import { endProcesses, findProcesses, type RunningProcess } from './process-table.ts';

/** One embedded store. Its folder stays claimed from start to `stop()` or `kill()`. */
export interface StoreProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it cleanly; data is kept. Does nothing when it is down already. */
  stop(): Promise<void>;
  /** SIGKILL to it and every process of its own: a crash. Its folder may then be started again. */
  kill(): Promise<void>;
  /** Stops it if it runs, and starts it on the same port and folder. */
  restart(): Promise<void>;
}

export interface StoreOptions {
  /** The folder that keeps its data, created if needed. */
  readonly dir: string;
  /** Refused with `port_taken` when in use. A free one below 32768 if left out. */
  readonly port?: number;
  /** Called when it ends without being asked to. */
  readonly onExit?: (error: EmbeddedStoreError) => void;
}

/** How to run a program: what differs between the stores. */
export interface StoreProgram {
  readonly store: StoreName;
  readonly stopSignal: NodeJS.Signals;
  readonly startWithinMs: number;
  readonly stopWithinMs: number;
  /** Runs once, after the claim and the clean-up of leftovers, before the first start. */
  prepare?(dir: string): Promise<void>;
  command(dir: string, port: number): Promise<Command>;
  /** Called at once after the child was spawned, in time to listen to its first message. */
  spawned?(child: ChildProcess): void;
  /** Resolves when the store answers. Asked again while it throws what may pass; an EmbeddedStoreError ends the start. */
  probe(child: ChildProcess, port: number, dir: string): Promise<void>;
  url(port: number, dir: string): string;
  /** Whether a running process belongs to the store in `dir`: judged by program and folder, never by number alone. */
  owns(candidate: RunningProcess, dir: string): boolean;
  /** Runs after it ended, however it ended. */
  cleanUp?(dir: string): Promise<void>;
}

const PORT_ATTEMPTS = 5;

/** Claims the folder, ends what a killed run left behind there, and starts the program. */
export async function runStore(program: StoreProgram, options: StoreOptions): Promise<StoreProcess> {
  let claim: FolderClaim | undefined = await claimFolder(options.dir);
  const { dir } = claim;
  let child: ChildProcess;
  let port: number;
  let wanted = true;

  try {
    await endLeftovers(program, dir);
    await program.prepare?.(dir);
    ({ child, port } = await startOnSomePort(program, dir, options.port));
  } catch (error) {
    await program.cleanUp?.(dir);
    await claim.release();
    throw error;
  }
  watch();

  function watch(): void {
    const watched = child;
    watched.once('exit', (code, name) => {
      if (!wanted || watched !== child) return;
      const how = name ?? `status ${code}`;
      const reason = explainLog(program.store, dir, port, readLog(program, dir));
      const message = `The embedded ${program.store} ended by itself (${how}); see ${logFile(program, dir)}.`;
      options.onExit?.(reason.code === 'disk_full' ? reason : new EmbeddedStoreError('exited', message));
    });
  }

  async function end(first: NodeJS.Signals): Promise<void> {
    wanted = false;
    const ours = () => findProcesses((candidate) => program.owns(candidate, dir));
    // The first signal of a clean stop goes to the main process alone: it ends its children in order.
    if (first !== 'SIGKILL' && child.exitCode === null && child.signalCode === null) {
      const exited = exitOf(child);
      child.kill(first);
      await within(program.stopWithinMs, exited);
    }
    const ended = await endProcesses(ours, 'SIGKILL', 0);
    await program.cleanUp?.(dir);
    if (ended) return;
    throw new EmbeddedStoreError('stop_failed', `The embedded ${program.store} in ${dir} would not end.`);
  }

  async function endAndRelease(first: NodeJS.Signals): Promise<void> {
    const held = claim;
    if (!held) return;
    claim = undefined;
    await end(first);
    await held.release();
  }

  return {
    get url() {
      return program.url(port, dir);
    },
    get port() {
      return port;
    },
    get pid() {
      return child.pid as number;
    },
    stop: () => endAndRelease(program.stopSignal),
    kill: () => endAndRelease('SIGKILL'),
    async restart() {
      if (claim) await end(program.stopSignal);
      else claim = await claimFolder(dir);
      child = await start(program, dir, port);
      wanted = true;
      watch();
    },
  };
}

async function endLeftovers(program: StoreProgram, dir: string): Promise<void> {
  const leftovers = () => findProcesses((candidate) => program.owns(candidate, dir));
  if (leftovers().length > 0 && !(await endProcesses(leftovers, program.stopSignal, 5_000))) {
    const pids = leftovers().map((process) => process.pid);
    throw new EmbeddedStoreError(
      'stop_failed',
      `A ${program.store} of an earlier run (process ${pids.join(', ')}) still uses ${dir} and would not end. End it, then start again.`,
    );
  }
  await program.cleanUp?.(dir);
}

async function startOnSomePort(
  program: StoreProgram,
  dir: string,
  wanted: number | undefined,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    try {
      return { child: await start(program, dir, port), port };
    } catch (error) {
      const lostTheRace =
        error instanceof EmbeddedStoreError && error.code === 'port_taken' && wanted === undefined;
      if (!lostTheRace || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function start(program: StoreProgram, dir: string, port: number): Promise<ChildProcess> {
  const command = await program.command(dir, port);
  const child = launch(command, { cwd: dir, log: openLog(program, dir), stopSignal: program.stopSignal });
  program.spawned?.(child);
  const failed = await outcome(program, child, dir, port);
  if (failed) {
    child.kill('SIGKILL');
    await endProcesses(() => findProcesses((candidate) => program.owns(candidate, dir)), 'SIGKILL', 0);
    throw failed;
  }
  child.unref();
  child.channel?.unref();
  return child;
}

async function outcome(
  program: StoreProgram,
  child: ChildProcess,
  dir: string,
  port: number,
): Promise<EmbeddedStoreError | undefined> {
  const unable = new Promise<EmbeddedStoreError>((resolve) => {
    child.once('error', (cause) => resolve(cannotRun(program, cause)));
    child.once('exit', () =>
      resolve(explainLog(program.store, dir, port, readLog(program, dir), howItEnded(child))),
    );
  });
  let reason = 'it was not asked yet';
  const hear = (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  };
  const stop = new AbortController();
  const late = sleep(program.startWithinMs, undefined, { signal: stop.signal }).then(
    () =>
      new EmbeddedStoreError(
        'start_timeout',
        `The embedded ${program.store} did not answer within ${program.startWithinMs / 1000} s (${reason}); ` +
          `see ${logFile(program, dir)}. ${lastWords(readLog(program, dir))}`,
      ),
    () => undefined,
  );
  try {
    return await Promise.race([unable, late, ready(program, child, dir, port, hear, stop.signal)]);
  } finally {
    stop.abort();
  }
}

async function ready(
  program: StoreProgram,
  child: ChildProcess,
  dir: string,
  port: number,
  hear: (reason: unknown) => void,
  stop: AbortSignal,
): Promise<EmbeddedStoreError | undefined> {
  while (!stop.aborted) {
    try {
      await program.probe(child, port, dir);
      return undefined;
    } catch (error) {
      if (error instanceof EmbeddedStoreError) return error;
      if (NO_WAY_THERE.has((error as NodeJS.ErrnoException).code ?? '')) {
        return new EmbeddedStoreError(
          'start_failed',
          `The embedded ${program.store} runs, but 127.0.0.1 cannot be reached: ${(error as Error).message}`,
          { cause: error },
        );
      }
      hear(error);
    }
    await sleep(25);
  }
  return undefined;
}

/** No waiting helps: there is no loopback interface, or no right to use it. */
const NO_WAY_THERE = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);

function cannotRun(program: StoreProgram, cause: Error): EmbeddedStoreError {
  return new EmbeddedStoreError(
    'start_failed',
    `The embedded ${program.store} cannot be run: ${cause.message}`,
    { cause },
  );
}

function openLog(program: StoreProgram, dir: string): number {
  try {
    return openSync(logFile(program, dir), 'w');
  } catch (error) {
    throw folderError(dir, error);
  }
}

function logFile(program: StoreProgram, dir: string): string {
  return join(dir, `${program.store.toLowerCase()}.log`);
}

function readLog(program: StoreProgram, dir: string): string {
  try {
    return readFileSync(logFile(program, dir), 'utf8').slice(-16_384);
  } catch {
    return '';
  }
}
