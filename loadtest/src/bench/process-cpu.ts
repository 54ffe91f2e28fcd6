/** CPU and memory of another process, from Linux's /proc. */
import { readFileSync } from 'node:fs';

/** USER_HZ, which Linux fixes at 100 for all it tells programs. */
const TICKS_PER_SECOND = 100;

/** ms of CPU used so far, all threads. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Bytes resident. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
}

export interface Use {
  /** Of one core, 1 is all of it. */
  readonly cpu: number;
  /** Bytes resident afterwards. */
  readonly rss: number;
}

/** What each process takes, on the average, while `work` is done. */
export async function useDuring<T>(
  pids: readonly number[],
  work: () => Promise<T>,
): Promise<{ readonly outcome: T; readonly uses: readonly Use[] }> {
  const began = performance.now();
  const before = pids.map(cpuOf);
  const outcome = await work();
  const ms = performance.now() - began;
  const uses = pids.map((pid, i) => ({ cpu: (cpuOf(pid) - before[i]!) / ms, rss: memoryOf(pid) }));
  return { outcome, uses };
}

/** `35 MB, 1.2% of a core`; of several, the mean. */
export function shown(uses: readonly Use[]): string {
  const mean = (of: (use: Use) => number) => uses.reduce((sum, use) => sum + of(use), 0) / uses.length;
  return `${Math.round(mean(({ rss }) => rss) / 1e6)} MB, ${(mean(({ cpu }) => cpu) * 100).toFixed(1)}% of a core`;
}
