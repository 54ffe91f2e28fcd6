/** Numbers of Redis' INFO, by name; and what each command has cost. */
import { Redis } from 'ioredis';

export async function readRedis(
  url: string,
  section: 'cpu' | 'memory' | 'stats',
): Promise<Readonly<Record<string, number>>> {
  const redis = new Redis(url, { connectTimeout: 5_000, commandTimeout: 5_000, maxRetriesPerRequest: 0 });
  try {
    const lines = (await redis.info(section)).split('\r\n');
    return Object.fromEntries(
      lines
        .filter((line) => line.includes(':'))
        .map((line) => {
          const [name, value] = line.split(':');
          return [name!, Number(value)];
        }),
    );
  } finally {
    redis.disconnect();
  }
}
