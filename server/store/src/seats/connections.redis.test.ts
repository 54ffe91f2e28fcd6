import { expect, test } from 'vitest';
import { testRedisUrl } from '../testing/index.ts';
import { openRedis } from './connections.ts';

test.each(['commands', 'pubsub'] as const)(
  '[CB27] a Redis that refuses our password ends the opening of %s, and its reason is in the error',
  async (role) => {
    const url = new URL(testRedisUrl());
    url.username = 'nobody';
    url.password = 'wrong';
    // Longer than the test may take: only a refusal that is heard ends it.
    const opening = openRedis(url.href, role, { connectTimeoutMs: 600_000 });
    await expect(opening).rejects.toThrow(/refuses us: WRONGPASS/);
    await expect(opening).rejects.not.toThrow(/wrong@/);
  },
);

test('[CB27] a Redis that is not there is reported with the reason', async () => {
  await expect(openRedis('redis://127.0.0.1:1', 'commands', { connectTimeoutMs: 300 })).rejects.toThrow(
    /did not answer within 300 ms: .*ECONNREFUSED/,
  );
  await expect(
    openRedis('redis+cluster://127.0.0.1:1', 'commands', { connectTimeoutMs: 300 }),
  ).rejects.toThrow(/did not answer within 300 ms: .*(ECONNREFUSED|closed)/i);
});
