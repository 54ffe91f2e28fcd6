import { type Purchase, Unavailable } from '@seatwire/store';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { purchaseOf } from '../testing/purchase.ts';
import { type CommitParts, commit, type FlushLedger } from './commit.ts';

const purchase = (n: number) => purchaseOf(n, 1);
const batch = (size: number): Purchase[] => Array.from({ length: size }, (_, n) => purchase(n));
const confirm: FlushLedger = async (purchases) =>
  purchases.map(({ order }) => ({ order, status: 'confirmed' as const }));
const options = (flush: FlushLedger): CommitParts => ({
  flush,
  backoff: { baseMs: 1, capMs: 2 },
  log: pino({ level: 'silent' }),
});
const never = new AbortController().signal;
const violation = (code: string): Error =>
  new Error('refused', { cause: Object.assign(new Error('pg'), { code }) });
/** Refuses any batch with this purchase in it, as a transaction does. */
const refusing =
  (bad: number, error: Error, calls: number[] = []): FlushLedger =>
  async (purchases) => {
    calls.push(purchases.length);
    if (purchases.some(({ fence }) => fence === bad)) throw error;
    return confirm(purchases);
  };

describe('committing a batch', () => {
  test('a batch is committed in one transaction when all is well', async () => {
    const calls: number[] = [];
    const { settled, poison, stuck } = await commit(
      batch(300),
      options(refusing(-1, violation('23503'), calls)),
      never,
    );
    expect(calls).toEqual([300]);
    expect(settled.map(({ outcome }) => outcome.order)).toEqual(batch(300).map(({ order }) => order));
    expect([...poison, ...stuck]).toEqual([]);
  });

  test('a purchase that breaks a rule of the ledger is set apart, and the others are committed', async () => {
    const calls: number[] = [];
    const { settled, poison, stuck } = await commit(
      batch(500),
      options(refusing(123, violation('23503'), calls)),
      never,
    );
    expect(settled).toHaveLength(499);
    expect(poison.map(({ purchase }) => purchase.fence)).toEqual([123]);
    expect(stuck).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(19);
  });

  test('an unforeseen failure is stuck, not poison: it must come again', async () => {
    const { settled, poison, stuck } = await commit(
      batch(8),
      options(refusing(3, new TypeError('a defect'))),
      never,
    );
    expect(settled).toHaveLength(7);
    expect(poison).toEqual([]);
    expect(stuck.map(({ purchase }) => purchase.fence)).toEqual([3]);
  });

  test.each([
    ['the connection is lost', new Unavailable('postgres', 'gone')],
    ['the disk is full', violation('53100')],
    ['the tables are not there yet', violation('42P01')],
  ])('when %s the batch waits, whole', async (_, error) => {
    const calls: number[] = [];
    const flush: FlushLedger = async (purchases) => {
      calls.push(purchases.length);
      if (calls.length < 4) throw error;
      return confirm(purchases);
    };
    const { settled } = await commit(batch(50), options(flush), never);
    expect(calls).toEqual([50, 50, 50, 50]);
    expect(settled).toHaveLength(50);
  });

  test('an end while the ledger is away rejects, so that nothing is acked', async () => {
    const ending = new AbortController();
    const flush: FlushLedger = async () => {
      ending.abort();
      throw new Unavailable('postgres', 'gone');
    };
    await expect(commit(batch(2), options(flush), ending.signal)).rejects.toThrow();
  });

  test('an order the ledger says nothing of is stuck', async () => {
    const { settled, stuck } = await commit(
      batch(2),
      options(async (p) => (await confirm(p)).slice(1)),
      never,
    );
    expect(settled).toEqual([]);
    expect(stuck).toHaveLength(2);
  });
});
