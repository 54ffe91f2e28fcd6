import { testDatabase, testRedisUrl } from '@seatwire/store/testing';
import { Redis } from 'ioredis';
import { type Arena, type ArenaOptions, openArenaOn } from './arena.ts';

/** In `*.pg.test.ts`: an arena in a database of its own and the file's Redis, emptied. */
export async function openArena(options?: ArenaOptions): Promise<Arena> {
  const database = await testDatabase();
  const redis = new Redis(testRedisUrl());
  await redis.flushdb();
  redis.disconnect();
  const arena = await openArenaOn(database.url, testRedisUrl(), options);
  return {
    ...arena,
    async close() {
      await arena.close();
      await database.drop();
    },
  };
}
