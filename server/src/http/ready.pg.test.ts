/** /readyz of a whole server, on a Redis of its own that can be broken. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@seatwire/embedded';
import { uuidv7 } from '@seatwire/protocol';
import { openRedis } from '@seatwire/store';
import { type FaultyLine, faultyLine } from '@seatwire/store/testing';
import { expect, test } from 'vitest';
import { startServed } from '../testing/served.ts';

test('[CF9] without Postgres a server stays ready, degraded: maps and holds go on, sign-ins wait', async () => {
  let line: FaultyLine | undefined;
  const served = await startServed({}, {}, async (url) => {
    line = await faultyLine(url);
    return line.url;
  });
  const register = () =>
    served.call('POST', '/api/auth/register', {
      body: { email: `${uuidv7()}@test.example`, password: 'long enough 1', name: 'Somebody' },
    });
  const hold = (token: string, place: number) =>
    served.call('POST', `/api/events/${served.event}/holds`, {
      token,
      body: { opId: `op-${uuidv7()}`, places: [place] },
    });
  try {
    const { accessToken } = await served.customer();
    expect(await hold(accessToken, 1)).toMatchObject({ status: 201 });
    expect(await served.call('GET', '/readyz')).toMatchObject({ status: 200, body: { degraded: ['mongo'] } });
    line!.cut();
    expect(await served.call('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { ready: true, checks: { redis: 'ok', postgres: 'failed' }, degraded: ['postgres', 'mongo'] },
    });
    expect(await hold(accessToken, 2)).toMatchObject({ status: 201 });
    expect(await served.call('GET', `/api/events/${served.event}/snapshot`)).toMatchObject({ status: 200 });
    expect(await register()).toMatchObject({ status: 503 });
    line!.mend();
    await expect.poll(async () => (await register()).status, { timeout: 10_000 }).toBe(201);
  } finally {
    await served.stop();
    await line?.close();
  }
});

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
