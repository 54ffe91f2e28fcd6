/** The lock that most tutorials recommend: `SET seat NX PX` for each place, and those got are given back when one is taken. */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { HOLD_SECONDS, type Seats, type Wish } from './seats.ts';

/** Deletes only what is still ours, as the documentation of SET recommends. */
const RELEASE = `
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end`;

export function seatsBySetNx(redisUrl: string): Seats {
  // Commands of one turn of the loop leave in one write.
  const redis = new Redis(redisUrl, { enableAutoPipelining: true });
  return {
    async hold(buyer: string, { event, places }: Wish) {
      const owner = `${buyer}/${randomUUID()}`;
      const keys = places.map((place) => `peer:${event}:${place}`);
      const answers = await Promise.all(
        keys.map((key) => redis.set(key, owner, 'PX', HOLD_SECONDS * 1000, 'NX')),
      );
      if (answers.every((answer) => answer === 'OK')) return true;
      const got = keys.filter((_, i) => answers[i] === 'OK');
      if (got.length > 0) await redis.eval(RELEASE, got.length, ...got, owner);
      return false;
    },
    async close() {
      redis.disconnect();
    },
  };
}
