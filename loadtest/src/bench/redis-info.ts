/** Numbers of Redis' INFO, by name; and what it has spent. */
import { Redis } from 'ioredis';

export async function readRedis(
  url: string,
  section: 'cpu' | 'memory',
): Promise<Readonly<Record<string, number>>> {
  const info = await ask(url, section);
  return Object.fromEntries(
    [...info.matchAll(/^([^:\r\n]+):([\d.]+)\r$/gm)].map(([, name, value]) => [name!, Number(value)]),
  );
}

export interface RedisSpent {
  /** CPU, ms. */
  readonly cpuMs: number;
  /** Scripts run. */
  readonly scripts: number;
}

/** Since it started. */
async function spentBy(url: string): Promise<RedisSpent> {
  const cpu = await readRedis(url, 'cpu');
  const [, scripts] = /cmdstat_fcall:calls=(\d+)/.exec(await ask(url, 'commandstats')) ?? [];
  return { cpuMs: (cpu.used_cpu_user! + cpu.used_cpu_sys!) * 1000, scripts: Number(scripts ?? 0) };
}

/** What each Redis spends while `work` is done. */
export async function spentDuring<T>(
  urls: readonly string[],
  work: () => Promise<T>,
): Promise<{ readonly outcome: T; readonly spent: readonly RedisSpent[] }> {
  const before = await Promise.all(urls.map(spentBy));
  const outcome = await work();
  const after = await Promise.all(urls.map(spentBy));
  const spent = after.map(({ cpuMs, scripts }, i) => ({
    cpuMs: cpuMs - before[i]!.cpuMs,
    scripts: scripts - before[i]!.scripts,
  }));
  return { outcome, spent };
}

async function ask(url: string, section: string): Promise<string> {
  const redis = new Redis(url, { connectTimeout: 5_000, commandTimeout: 5_000, maxRetriesPerRequest: 0 });
  try {
    return await redis.info(section);
  } finally {
    redis.disconnect();
  }
}
