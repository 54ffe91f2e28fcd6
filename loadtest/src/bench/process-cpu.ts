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
