/**
 * What became of a command of several steps, by (actor, op): the answer once there is one, and until then how far it got, so that a
 * repeat goes on from there. A lease keeps two processes from carrying it out at once. The holder renews it while it lives. It is short,
 * so a repeat takes over from a dead process well within the time of a command. Every step is idempotent, so a lease that expires
 * while its holder is frozen does no harm. A process that lost its lease writes nothing more.
 *
 * One hash a command, one script a transition, by the clock of Redis; an answer once written never changes. A note or answer is parsed
 * by the schema its command hands in: a record that this program cannot read is a defect, and the command stops there.
 */
import { type OpId, randomToken, type UserId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { opRecord } from '../bus/keys.ts';
import { scriptTexts } from '../redis/script-text.ts';
import { orUnavailable } from '../redis/unavailable.ts';
import { Unavailable } from '../unavailable.ts';

const LEASE_MS = 3_000;
/** A repeat is recognised for a day. */
const KEEP_MS = 24 * 3600 * 1000;

const scriptText = scriptTexts<'claim' | 'renew' | 'note' | 'answer' | 'release'>(
  new URL('./scripts/', import.meta.url),
);
const claimed = z.tuple([z.enum(['conflict', 'answered', 'busy', 'yours'])]).rest(z.string());
const answered = z.tuple([z.enum(['kept', 'answered', 'lost'])]).rest(z.string());

export interface OpKey {
  readonly actor: UserId;
  readonly op: OpId;
  /** Of everything that matters in the command: another digest under the same op is a conflict. */
  readonly digest: string;
}

/** Held by the one that carries the command out. */
export interface OpLease {
  readonly key: OpKey;
  readonly holder: string;
}

export type OpClaim<Note, Answer> =
  /** Carry on from `note` (null: from the start), then `answer` or `release`. */
  | { readonly kind: 'yours'; readonly lease: OpLease; readonly note: Note | null }
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** Another carries it out now. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'conflict' };

export interface OpRecordsParts<Note, Answer> {
  readonly redis: Redis | Cluster;
  readonly note: z.ZodType<Note>;
  readonly answer: z.ZodType<Answer>;
  /** 3 s if left out. */
  readonly leaseMs?: number;
}

export class OpRecords<Note, Answer> {
  readonly #parts: OpRecordsParts<Note, Answer>;
  readonly #leaseMs: number;

  constructor(parts: OpRecordsParts<Note, Answer>) {
    this.#parts = parts;
    this.#leaseMs = parts.leaseMs ?? LEASE_MS;
  }

  async claim(key: OpKey): Promise<OpClaim<Note, Answer>> {
    const lease: OpLease = { key, holder: randomToken() };
    const [kind, text = ''] = claimed.parse(
      await this.#run('claim', key, key.digest, lease.holder, this.#leaseMs, KEEP_MS),
    );
    switch (kind) {
      case 'answered':
        return { kind, answer: this.#parts.answer.parse(JSON.parse(text)) };
      case 'yours':
        return { kind, lease, note: text === '' ? null : this.#parts.note.parse(JSON.parse(text)) };
      default:
        return { kind };
    }
  }

  /** Renews the lease until told to stop. */
  keep({ key, holder }: OpLease): () => void {
    // What is lost now is made good by the next one, or the lease ends.
    const renew = () => void this.#run('renew', key, holder, this.#leaseMs).catch(() => undefined);
    const timer = setInterval(renew, this.#leaseMs / 3);
    return () => clearInterval(timer);
  }

  /** Before a step whose outcome must be found again. Throws `Unavailable` when the lease was lost. */
  async note({ key, holder }: OpLease, note: Note): Promise<void> {
    const kept = await this.#run('note', key, holder, JSON.stringify(note), this.#leaseMs, KEEP_MS);
    if (kept !== 1) throw lost(key);
  }

  /** Stores the final answer, which every repeat gets. Returns what they get: an answer that is already there is kept. */
  async answer({ key, holder }: OpLease, answer: Answer): Promise<Answer> {
    const [kind, text = ''] = answered.parse(
      await this.#run('answer', key, holder, JSON.stringify(answer), KEEP_MS),
    );
    if (kind === 'lost') throw lost(key);
    return kind === 'kept' ? answer : this.#parts.answer.parse(JSON.parse(text));
  }

  /** Lets the next one try: there is no last word yet. */
  async release({ key, holder }: OpLease): Promise<void> {
    await this.#run('release', key, holder);
  }

  #run(
    script: Parameters<typeof scriptText>[0],
    { actor, op }: OpKey,
    ...args: readonly (string | number)[]
  ): Promise<unknown> {
    return orUnavailable(this.#parts.redis.eval(scriptText(script), 1, opRecord(actor, op), ...args));
  }
}

const lost = ({ op }: OpKey): Unavailable =>
  new Unavailable('redis', `Another process took over command ${op}: its lease had ended.`);
