import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from './config.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Over what every child is given: see `childEnvironment`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Opens a message channel to the child. */
  readonly ipc?: boolean;
}

/**
 * Starts a child that writes to the open file `log` (closed here) and ends, by `stopSignal`, when this process dies,
 * even by SIGKILL.
 */
export function launch(
  command: Command,
  options: { readonly cwd: string; readonly log: number; readonly stopSignal: NodeJS.Signals },
): ChildProcess {
  const { log } = options;
  const stdio: StdioOptions = command.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log];
  try {
    const child = spawn(command.file, command.args, {
      stdio,
      cwd: command.cwd ?? options.cwd,
      env: childEnvironment(command.env ?? {}),
      // A group of its own: Ctrl-C reaches our process alone, which then ends the stores last.
      detached: true,
      ...(command.uid === undefined ? {} : { uid: command.uid }),
      ...(command.gid === undefined ? {} : { gid: command.gid }),
    });
    // A child with a message channel sees its parent's end itself.
    if (child.pid !== undefined && !command.ipc) endWithParent(child, options.stopSignal);
    return child;
  } finally {
    closeSync(log);
  }
}

/** A shell of 1 MB waits for the end of a pipe that only we hold open, then ends `child`. */
function endWithParent(child: ChildProcess, stopSignal: NodeJS.Signals): void {
  if (process.platform === 'win32') return;
  const script = 'read -r _; kill -s "$0" "$1"';
  const guard = spawn('/bin/sh', ['-c', script, stopSignal.slice(3), String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: childEnvironment({}),
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  // Gone with its child, so that it can never signal a later process with the same number.
  child.once('exit', () => guard.kill('SIGKILL'));
  guard.unref();
  (guard.stdin as unknown as { unref?(): void }).unref?.();
}

/** Settles when the child has ended, at once if it has already. */
export function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** How an ended child ended, for people: `SIGKILL`, or `status 1`. */
export function howItEnded(child: ChildProcess): string {
  return child.signalCode ?? `status ${child.exitCode}`;
}

/** Waits for `event`, but no longer than `ms`; leaves no timer behind. */
export async function within(ms: number, event: Promise<void>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([event, sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined)]);
  stop.abort();
}
