import { type OpId, type UserId, uuidv7 } from '@seatwire/protocol';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { opRecord } from '../bus/keys.ts';
import { testRedisUrl } from '../testing/index.ts';
import { carryOutOnce } from './carry-out-once.ts';
import { type OpKey, OpRecords } from './op-records.ts';

const LEASE_MS = 60_000;
const connections = [new Redis(testRedisUrl()), new Redis(testRedisUrl())] as const;
const [redis] = connections;
afterAll(() => {
  for (const connection of connections) connection.disconnect();
});

const shapes = { note: z.object({ step: z.string() }), answer: z.object({ said: z.string() }) };
/** As a server of its own has them. */
const recordsOn = (connection: Redis, leaseMs = LEASE_MS) =>
  new OpRecords({ redis: connection, leaseMs, ...shapes });
const [records, elsewhere] = [recordsOn(connections[0]), recordsOn(connections[1])];

let key: OpKey;
beforeEach(() => {
  key = { actor: uuidv7() as UserId, op: `op-${uuidv7()}` as OpId, digest: 'a' };
});

async function taken(from = records) {
  const claim = await from.claim(key);
  if (claim.kind !== 'yours') throw new Error(`not ours: ${claim.kind}`);
  return claim;
}
const stored = () => redis.hgetall(opRecord(key.actor, key.op));

describe('the record of a command', () => {
  test('the record of a command goes from claim over notes to the answer, which every repeat hears', async () => {
    const { lease, note } = await taken();
    expect(note).toBeNull();
    await records.note(lease, { step: 'first' });
    await records.note(lease, { step: 'second' });
    expect(await records.answer(lease, { said: 'done' })).toEqual({ said: 'done' });
    expect(await elsewhere.claim(key)).toEqual({ kind: 'answered', answer: { said: 'done' } });
    expect(await stored()).toEqual({ digest: 'a', answer: '{"said":"done"}' });
    expect(await redis.pttl(opRecord(key.actor, key.op))).toBeGreaterThan(23 * 3600 * 1000);
  });

  test('the record of a command of another command under the same op is a conflict, under way and answered', async () => {
    const { lease } = await taken();
    expect(await elsewhere.claim({ ...key, digest: 'b' })).toEqual({ kind: 'conflict' });
    await records.answer(lease, { said: 'done' });
    expect(await elsewhere.claim({ ...key, digest: 'b' })).toEqual({ kind: 'conflict' });
  });

  test('the record of a command is busy until it is released, and goes on from the last step', async () => {
    const { lease } = await taken();
    await records.note(lease, { step: 'first' });
    expect(await elsewhere.claim(key)).toEqual({ kind: 'busy' });
    await records.release(lease);
    expect((await taken(elsewhere)).note).toEqual({ step: 'first' });
  });

  test('the record of a command without a step done leaves nothing when it is released: the op is free for another command', async () => {
    await records.release((await taken()).lease);
    expect(await stored()).toEqual({});
    expect(await records.claim({ ...key, digest: 'b' })).toMatchObject({ kind: 'yours', note: null });
  });

  test('the record of a command belongs to the one that took it over: the slow one writes nothing, and hears the answer', async () => {
    const slow = await taken(recordsOn(redis, 0)); // its lease ends at once
    const { lease } = await taken(elsewhere);
    await expect(records.note(slow.lease, { step: 'late' })).rejects.toMatchObject({ dependency: 'redis' });
    await expect(records.answer(slow.lease, { said: 'late' })).rejects.toMatchObject({ dependency: 'redis' });
    await records.release(slow.lease);
    expect(await elsewhere.claim(key)).toEqual({ kind: 'busy' });
    await elsewhere.answer(lease, { said: 'done' });
    expect(await records.answer(slow.lease, { said: 'late' })).toEqual({ said: 'done' });
  });

  test('the record of a command that is not of the form is a defect, and is not carried on', async () => {
    const { lease } = await taken();
    await records.note(lease, { step: 'first' });
    await records.release(lease);
    await redis.hset(opRecord(key.actor, key.op), 'note', '{"step":1}');
    await expect(records.claim(key)).rejects.toThrow(z.ZodError);
    await redis.hset(opRecord(key.actor, key.op), 'answer', '{"said":1}');
    await expect(records.claim(key)).rejects.toThrow(z.ZodError);
  });
});

describe('a command asked for on two servers at once', () => {
  /** Starts the command on both; each carries it out when both have asked. Returns how often it was carried out, and the answers. */
  async function race(...servers: readonly OpRecords<{ step: string }, { said: string }>[]) {
    let runs = 0;
    const answers = await Promise.all(
      servers.map((each) =>
        carryOutOnce({ records: each, patienceMs: 10_000, isLast: () => true }, key, async (_, writeDown) => {
          const run = ++runs;
          await writeDown({ step: 'first' });
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { said: `run ${run}` };
        }).catch((error: unknown) => error),
      ),
    );
    return { runs, answers };
  }

  test('a command asked for on two servers at once is carried out once, and both hear the one answer', async () => {
    const { runs, answers } = await race(records, elsewhere);
    expect(runs).toBe(1);
    expect(answers).toEqual([{ said: 'run 1' }, { said: 'run 1' }]);
  });

  test('the control: without the lease it is carried out twice', async () => {
    const { runs } = await race(recordsOn(connections[0], 0), recordsOn(connections[1], 0));
    expect(runs).toBe(2);
  });

  test('a command asked for on two servers at once is free again after a throw, and goes on from the step it reached', async () => {
    const once = { records, patienceMs: 0, isLast: () => true };
    const failing = carryOutOnce(once, key, async (_, writeDown) => {
      await writeDown({ step: 'first' });
      throw new Error('the provider is away');
    });
    await expect(failing).rejects.toThrow('the provider is away');
    expect(await carryOutOnce(once, key, async (note) => ({ said: `from ${note?.step}` }))).toEqual({
      said: 'from first',
    });
  });

  test('a command asked for on two servers at once is busy when its time of waiting is over, and open again after an answer that is not the last', async () => {
    const { lease } = await taken();
    const once = {
      records: elsewhere,
      patienceMs: 0,
      isLast: ({ said }: { said: string }) => said === 'done',
    };
    expect(await carryOutOnce(once, key, async () => ({ said: 'done' }))).toBe('busy');
    await records.release(lease);
    expect(await carryOutOnce(once, key, async () => ({ said: 'later' }))).toEqual({ said: 'later' });
    expect(await carryOutOnce(once, key, async () => ({ said: 'done' }))).toEqual({ said: 'done' });
    expect(await carryOutOnce(once, key, async () => ({ said: 'again' }))).toEqual({ said: 'done' });
    expect(await carryOutOnce(once, { ...key, digest: 'b' }, async () => ({ said: 'b' }))).toBe('conflict');
  });
});
