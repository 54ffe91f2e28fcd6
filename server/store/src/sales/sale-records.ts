/**
 * What became of each payment command, by (buyer, op): the answer once there is one, and until then how far it got, so that whoever
 * repeats the command goes on from there. A lease keeps two from carrying it out at once, and is renewed while its holder lives: short, so
 * that a repeat takes over from a process that died well within the time of a command. It only saves work: every step is
 * idempotent by itself, so a lease that ran out under a frozen process does no harm.
 */
import type { OpId, UserId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { saleLease, saleRecord } from '../bus/keys.ts';
import { reached } from '../redis/unavailable.ts';

const LEASE_MS = 3_000;
/** A repeat is recognised for a day. */
const KEEP_MS = 24 * 3600 * 1000;

export interface SaleKey {
  readonly buyer: UserId;
  readonly op: OpId;
  /** Of everything that matters in the command: another digest under the same op is a conflict. */
  readonly digest: string;
}

interface SaleRecord<Note, Answer> {
  readonly digest: string;
  readonly note: Note | null;
  readonly answer: Answer | null;
}

export type SaleClaim<Note, Answer> =
  /** Carry on from `note` (null: from the start) and `keep` it, then `answer` or `release`. */
  | { readonly kind: 'yours'; readonly note: Note | null }
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** Somebody else carries it out now. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'conflict' };

export class SaleRecords<Note, Answer> {
  readonly #redis: Redis | Cluster;
  readonly #leaseMs: number;

  constructor(redis: Redis | Cluster, leaseMs = LEASE_MS) {
    this.#redis = redis;
    this.#leaseMs = leaseMs;
  }

  async claim(key: SaleKey): Promise<SaleClaim<Note, Answer>> {
    const before = await this.#read(key);
    if (before === 'conflict') return { kind: 'conflict' };
    if (before?.answer != null) return { kind: 'answered', answer: before.answer };
    const lease = saleLease(key.buyer, key.op);
    const mine = await reached(this.#redis.set(lease, '1', 'PX', this.#leaseMs, 'NX'));
    if (mine !== 'OK') return { kind: 'busy' };
    // It may have been answered between the look and the lease.
    const record = await this.#read(key);
    if (record === 'conflict' || record?.answer != null) {
      await this.release(key);
      return record === 'conflict' ? { kind: 'conflict' } : { kind: 'answered', answer: record.answer! };
    }
    return { kind: 'yours', note: record?.note ?? null };
  }

  /** Renews the lease until told to stop. */
  keep(key: SaleKey): () => void {
    const lease = saleLease(key.buyer, key.op);
    // What is lost now is made good by the next one, or the lease runs out.
    const renew = () => void this.#redis.set(lease, '1', 'PX', this.#leaseMs, 'XX').catch(() => undefined);
    const timer = setInterval(renew, this.#leaseMs / 3);
    return () => clearInterval(timer);
  }

  /** Before a step whose outcome must be found again. */
  note(key: SaleKey, note: Note): Promise<void> {
    return this.#write(key, { digest: key.digest, note, answer: null });
  }

  /** The last word: every repeat hears this. */
  async answer(key: SaleKey, answer: Answer): Promise<void> {
    await this.#write(key, { digest: key.digest, note: null, answer });
    await this.release(key);
  }

  /** Lets the next one try: there is no last word yet. */
  async release(key: SaleKey): Promise<void> {
    await reached(this.#redis.del(saleLease(key.buyer, key.op)));
  }

  async #read(key: SaleKey): Promise<SaleRecord<Note, Answer> | 'conflict' | null> {
    const text = await reached(this.#redis.get(saleRecord(key.buyer, key.op)));
    if (text === null) return null;
    const record = JSON.parse(text) as SaleRecord<Note, Answer>;
    return record.digest === key.digest ? record : 'conflict';
  }

  async #write(key: SaleKey, record: SaleRecord<Note, Answer>): Promise<void> {
    const path = saleRecord(key.buyer, key.op);
    await reached(this.#redis.set(path, JSON.stringify(record), 'PX', KEEP_MS));
  }
}
