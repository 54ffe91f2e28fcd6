/** /readyz of a whole server, on a Redis of its own that can be broken. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRedis } from '@seatwire/store';
import { startRedis } from '@seatwire/store/embedded';
import { expect, test } from 'vitest';
import { startServed } from '../testing/served.ts';

test('[CB54] readyz is 503 while Redis refuses writes, and 200 when it takes them again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'seatwire-ready-'));
  const redis = await startRedis({ dir, appendfsync: 'no' });
  const served = await startServed({ REDIS_URL: redis.url });
  const operator = await openRedis(redis.url, 'commands');
  const ready = async () => {
    const { status, body } = await served.call('GET', '/readyz');
    return [status, body.ready, body.checks.redis];
  };
  try {
    expect(await ready()).toEqual([200, true, 'ok']);
    await operator.replicaof('127.0.0.1', 1);
    expect(await operator.ping()).toBe('PONG');
    expect(await ready()).toEqual([503, false, 'failed']);
    await operator.replicaof('NO', 'ONE');
    expect(await ready()).toEqual([200, true, 'ok']);
    await operator.config('SET', 'maxmemory', '1');
    expect(await ready()).toEqual([503, false, 'failed']);
    await operator.config('SET', 'maxmemory', '0');
    expect(await ready()).toEqual([200, true, 'ok']);
  } finally {
    operator.disconnect();
    await served.stop();
    await redis.kill();
    await rm(dir, { recursive: true, force: true });
  }
});
