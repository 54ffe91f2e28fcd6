import { EventEmitter } from 'node:events';
import { type Epoch, type EventId, randomToken, uuidv7 } from '@seatwire/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Unavailable } from '../unavailable.ts';
import type { RedisClient } from './connections.ts';
import { Deadline } from './deadline.ts';
import { Feed, type Position } from './feed.ts';
import { eventKeys } from './keys.ts';
import type { Transition } from './transition.ts';

const PULSE_MS = 1_000;

/** An event's journal, and a pub/sub line that loses, doubles and delays as a test says. */
class Wire extends EventEmitter {
  readonly event = uuidv7() as EventId;
  readonly channel = eventKeys(this.event, 16).feed;
  epoch = randomToken() as Epoch;
  version = 0;
  journal: string[] = [];
  /** Questions to the store fail. */
  down = false;
  /** Awaited by every answer of the store, after it was read. */
  answers: Promise<void> = Promise.resolve();

  async ssubscribe(): Promise<void> {}
  async sunsubscribe(): Promise<void> {}
  disconnect(): void {}

  change(heard: 'heard' | 'lost' = 'heard'): string {
    this.version += 1;
    const words = `${this.epoch} ${this.version} hold 1 ${this.version % 8} `;
    this.journal.push(words);
    if (heard === 'heard') this.hear(words);
    return words;
  }

  rebuild(heard: 'heard' | 'lost' = 'heard'): void {
    this.epoch = randomToken() as Epoch;
    this.version = 1;
    this.journal = [`${this.epoch} 1 rebuild 0  `];
    if (heard === 'heard') this.hear(this.journal[0]!);
  }

  hear(words: string): void {
    this.emit('smessage', this.channel, words);
  }

  feed(): Feed {
    const source = {
      channelOf: () => this.channel,
      positionOf: () => this.#answer((): Position => ({ epoch: this.epoch, version: this.version })),
      since: (_: EventId, epoch: Epoch, version: number) =>
        this.#answer(() => {
          const missed = this.version - version;
          if (epoch !== this.epoch || missed < 0 || missed > this.journal.length) return null;
          return missed === 0 ? [] : this.journal.slice(-missed).map(read);
        }),
    };
    return new Feed(this as unknown as RedisClient, source, new Deadline(1_000, 100), PULSE_MS);
  }

  async #answer<T>(read: () => T): Promise<T> {
    if (this.down) throw new Unavailable('redis', 'down');
    const answer = read();
    await this.answers;
    return answer;
  }
}

function read(words: string): Transition {
  const [epoch, version, kind, code, places] = words.split(' ');
  return {
    epoch: epoch as Epoch,
    version: Number(version),
    kind: kind as Transition['kind'],
    code: Number(code) as Transition['code'],
    places: places ? places.split(',').map(Number) : [],
    holds: [],
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function listen(wire: Wire) {
  const feed = wire.feed();
  const heard: Transition[] = [];
  await feed.subscribe(wire.event, (transition) => heard.push(transition));
  return { feed, heard };
}
const pulse = () => vi.advanceTimersByTimeAsync(PULSE_MS);
const versions = (heard: readonly Transition[]) => heard.map(({ version }) => version);

test('[IN3] a message of several transitions is heard as each of them, and one known already is left out', async () => {
  const wire = new Wire();
  const { feed, heard } = await listen(wire);
  const words = [wire.change(), wire.change('lost'), wire.change('lost')];
  wire.hear(words.join('\n'));
  expect(versions(heard)).toEqual([1, 2, 3]);
  feed.close();
});

test('what pub/sub lost before a message is read from the journal, in order and once', async () => {
  const wire = new Wire();
  const { heard } = await listen(wire);
  wire.change();
  wire.change('lost');
  wire.change('lost');
  const last = wire.change();
  wire.hear(last);
  await vi.advanceTimersByTimeAsync(0);
  expect(versions(heard)).toEqual([1, 2, 3, 4]);
});

test('a lost last message, which no gap shows, is found at the next pulse', async () => {
  const wire = new Wire();
  const { heard } = await listen(wire);
  wire.change('lost');
  expect(heard).toEqual([]);
  await pulse();
  expect(versions(heard)).toEqual([1]);
});

test('a journal too short for the gap makes listeners take a snapshot, and the feed goes on from there', async () => {
  const wire = new Wire();
  const { heard } = await listen(wire);
  wire.change('lost');
  wire.change('lost');
  wire.journal = wire.journal.slice(-1);
  await pulse();
  wire.change();
  expect(heard.map(({ kind, version }) => [kind, version])).toEqual([
    ['rebuild', 2],
    ['hold', 3],
  ]);
});

test('[CF4] a store that came back older in the same epoch makes listeners take a snapshot within a pulse', async () => {
  const wire = new Wire();
  const { heard } = await listen(wire);
  for (let i = 0; i < 5; i++) wire.change();
  wire.version = 3;
  wire.journal = wire.journal.slice(0, 3);
  // Version 4 again, another one: until the pulse it looks like a repeat.
  wire.change();
  await pulse();
  expect(heard.at(-1)).toMatchObject({ kind: 'rebuild', version: 4 });
  wire.change();
  expect(heard.at(-1)).toMatchObject({ kind: 'hold', version: 5 });
});

test('a store that does not answer is asked again, and nothing is lost over it', async () => {
  const wire = new Wire();
  const { heard } = await listen(wire);
  wire.down = true;
  wire.change('lost');
  wire.change();
  await pulse();
  expect(heard).toEqual([]);
  wire.down = false;
  await pulse();
  expect(versions(heard)).toEqual([1, 2]);
});

test('[RE20] however pub/sub loses, doubles or delays, an epoch is heard without gap or repeat up to its last version', async () => {
  const step = fc.record({
    wire: fc.constantFrom(
      'ok',
      'ok',
      'ok',
      'lost',
      'twice',
      'late',
      'rebuild',
      'rebuild-lost',
      'trim',
      'slow',
    ),
    pause: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const wire = new Wire();
      const { feed, heard } = await listen(wire);
      const late: string[] = [];
      let go = () => {};
      for (const { wire: how, pause } of steps) {
        if (how === 'rebuild') wire.rebuild();
        else if (how === 'rebuild-lost') wire.rebuild('lost');
        else if (how === 'trim') wire.journal = wire.journal.slice(-1);
        else if (how === 'slow') {
          go();
          wire.answers = new Promise((resolve) => {
            go = resolve;
          });
        } else {
          const words = wire.change(how === 'lost' || how === 'late' ? 'lost' : 'heard');
          if (how === 'twice') wire.hear(words);
          if (how === 'late') late.push(words);
        }
        if (pause) {
          await Promise.resolve();
          for (const words of late.splice(0)) wire.hear(words);
        }
      }
      go();
      wire.answers = Promise.resolve();
      await pulse();
      await pulse();
      let at: Position | null = null;
      for (const { epoch, version, kind } of heard) {
        if (kind !== 'rebuild' && at !== null) {
          expect(epoch).toBe(at.epoch);
          expect(version).toBe(at.version + 1);
        }
        at = { epoch: epoch as Epoch, version };
      }
      if (wire.version > 0) expect(at).toEqual({ epoch: wire.epoch, version: wire.version });
      feed.close();
    }),
    { numRuns: 500 },
  );
});
