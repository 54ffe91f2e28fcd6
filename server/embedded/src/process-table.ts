import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from './config.ts';

/** A process, told apart from a later one with the same number by when it began. */
export interface ProcessId {
  readonly pid: number;
  /** Opaque; equal only for the same process on the same boot. */
  readonly startedAt: string;
}

export interface RunningProcess {
  readonly pid: number;
  readonly args: readonly string[];
  /** The working folder, where this user may see it. */
  readonly cwd: string | undefined;
}

const onLinux = process.platform === 'linux';

/** Identifies a running process; undefined when there is none (a zombie counts as none). */
export function identify(pid: number): ProcessId | undefined {
  const startedAt = onLinux ? linuxStart(pid) : psField(pid, 'lstart');
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning(process: ProcessId): boolean {
  return identify(process.pid)?.startedAt === process.startedAt;
}

/** Every running process that `matches`. About 5 ms for 200 processes on Linux. */
export function findProcesses(matches: (candidate: RunningProcess) => boolean): RunningProcess[] {
  return (onLinux ? linuxProcesses() : psProcesses()).filter(
    (candidate) => candidate.pid !== process.pid && matches(candidate),
  );
}

/** Sends a signal; false when the process was gone already. Any other refusal (EPERM) is thrown. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until `holds` answers true; false when it still does not after `withinMs`. */
export async function waitUntil(holds: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/**
 * Asks processes to end with `first`, then with SIGKILL after `graceMs`.
 * `find` is asked again each time, so children born meanwhile are met too. False when some would not end.
 */
export async function endProcesses(
  find: () => RunningProcess[],
  first: NodeJS.Signals,
  graceMs: number,
): Promise<boolean> {
  for (const [name, patienceMs] of [
    [first, first === 'SIGKILL' ? 0 : graceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    for (const found of find()) signal(found.pid, name);
    if (await waitUntil(() => find().length === 0, patienceMs)) return true;
  }
  return false;
}

let bootId: string | undefined;

function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets, may itself hold spaces and brackets: fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return `${bootId}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function linuxProcesses(): RunningProcess[] {
  const found: RunningProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || linuxStart(pid) === undefined) continue;
    const line = readOr(() => readFileSync(`/proc/${entry}/cmdline`, 'utf8'));
    if (!line) continue;
    found.push({ pid, args: line.split('\0'), cwd: readOr(() => readlinkSync(`/proc/${entry}/cwd`)) });
  }
  return found;
}

// One language and one time zone: the start time of a process must read the same from every shell.
const ASKING = { encoding: 'utf8', timeout: 5_000, env: childEnvironment({ TZ: 'UTC' }) } as const;

function psProcesses(): RunningProcess[] {
  const table = readOr(() => execFileSync('ps', ['-axww', '-o', 'pid=,command='], ASKING));
  return (table ?? '').split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && command ? [{ pid: Number(pid), args: command.split(' '), cwd: undefined }] : [];
  });
}

function psField(pid: number, field: string): string | undefined {
  const text = readOr(() => execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], ASKING));
  return text?.trim() || undefined;
}

function readOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
