import { type EventEmitter, once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import { freePort } from '@seatwire/embedded';
import { uuidv7 } from '@seatwire/protocol';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { faultyLine, testMongoUrl } from '../testing/index.ts';
import { type Documents, openDocuments } from './documents.ts';

let documents: Documents;
beforeAll(async () => {
  documents = await openDocuments(testMongoUrl());
  await documents.connected();
});
afterAll(() => documents.close());

const DUPLICATE = 11_000;
const review = (fields: object = {}) => ({
  _id: uuidv7(),
  event: uuidv7(),
  user: uuidv7(),
  rating: 4,
  text: ' Good. ',
  ...fields,
});
const media = (fields: object = {}) => ({
  _id: uuidv7(),
  event: uuidv7(),
  uploader: uuidv7(),
  kind: 'photo' as const,
  contentType: 'image/jpeg',
  bytes: 1_000,
  sha256: 'a'.repeat(64),
  storageKey: 'gridfs/1',
  ...fields,
});

describe('a review', () => {
  test('a review is stored trimmed and dated, and found by its event', async () => {
    const stored = await documents.reviews.create(review());
    const found = await documents.reviews.find({ event: stored.event }).lean();
    expect(found).toEqual([
      {
        ...review(),
        ...stored.toObject(),
        text: 'Good.',
        createdAt: expect.any(Date),
        updatedAt: expect.any(Date),
      },
    ]);
  });

  test("of one user's reviews of one event only one is stored, even of 20 written at once", async () => {
    const { event, user } = review();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => documents.reviews.create(review({ event, user }))),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(19);
    for (const error of refused) expect(error).toMatchObject({ code: DUPLICATE });
    expect(await documents.reviews.countDocuments({ event, user })).toBe(1);
    await documents.reviews.create(review({ event }));
    await documents.reviews.create(review({ user }));
  });

  test('control: without the unique index all 20 are stored', async () => {
    const unguarded = await openDocuments(testMongoUrl());
    onTestFinished(() => unguarded.close());
    await unguarded.connected();
    await unguarded.reviews.collection.dropIndex('event_1_user_1');
    const { event, user } = review();
    await Promise.all(Array.from({ length: 20 }, () => unguarded.reviews.create(review({ event, user }))));
    expect(await unguarded.reviews.countDocuments({ event, user })).toBe(20);
  });

  test.each([
    ['a rating of 0', { rating: 0 }],
    ['a rating of 6', { rating: 6 }],
    ['half a star', { rating: 3.5 }],
    ['no rating', { rating: undefined }],
    ['a text too long', { text: 'x'.repeat(5_001) }],
    ['an event that is no id', { event: 'concert' }],
    ['an unknown field', { stars: 5 }],
    ['an object for a user', { user: { $ne: null } }],
  ])('a review with %s is refused', async (_, fields) => {
    await expect(documents.reviews.create(review(fields) as never)).rejects.toThrow();
  });

  test('a review keeps its rule when it is updated with validators', async () => {
    const { _id } = await documents.reviews.create(review());
    await expect(
      documents.reviews.updateOne({ _id }, { rating: 9 }, { runValidators: true }),
    ).rejects.toThrow(/rating/);
    await documents.reviews.updateOne({ _id }, { rating: 1 }, { runValidators: true });
    expect(await documents.reviews.findById(_id).lean()).toMatchObject({ rating: 1 });
  });
});

describe('[SE16] a filter', () => {
  test('a filter with operators where a value belongs matches nothing of other people', async () => {
    await documents.reviews.create(review());
    const find = (filter: object) => documents.reviews.find(filter as Record<string, never>).lean();
    // Sanitised to a comparison with that very object, which no string can be.
    await expect(find({ user: { $ne: 'nobody' } })).rejects.toThrow(/Cast to string failed/);
    expect(await find({ 'user.$ne': 'nobody' }).catch(() => [])).toEqual([]);
    await expect(find({ unknown: 1 })).rejects.toThrow(/strict/i);
  });
});

describe('a comment', () => {
  test('a comment is listed by event, latest first', async () => {
    const event = uuidv7();
    for (const text of ['first', 'second']) {
      await documents.comments.create({ _id: uuidv7(), event, user: uuidv7(), text });
    }
    const found = await documents.comments.find({ event }).sort({ createdAt: -1, _id: -1 }).lean();
    expect(found.map(({ text }) => text)).toEqual(['second', 'first']);
  });

  test('a comment without text is refused', async () => {
    const empty = { _id: uuidv7(), event: uuidv7(), user: uuidv7(), text: '  ' };
    await expect(documents.comments.create(empty)).rejects.toThrow(/text/);
  });
});

describe('media', () => {
  test('media are one per event and file', async () => {
    const { event } = await documents.media.create(media());
    await expect(documents.media.create(media({ event }))).rejects.toMatchObject({ code: DUPLICATE });
    await documents.media.create(media({ event, sha256: 'b'.repeat(64) }));
    await documents.media.create(media());
  });

  test.each([
    ['another kind', { kind: 'sound' }],
    ['a type that runs', { contentType: 'text/html' }],
    ['no bytes', { bytes: 0 }],
    ['a digest in capitals', { sha256: 'A'.repeat(64) }],
  ])('media with %s are refused', async (_, fields) => {
    await expect(documents.media.create(media(fields) as never)).rejects.toThrow();
  });
});

test('every index that is declared stands in the database', async () => {
  for (const model of [documents.reviews, documents.comments, documents.media]) {
    const standing = Object.keys(await model.collection.indexInformation());
    expect(standing).toHaveLength(model.schema.indexes().length + 1);
  }
});

describe('without MongoDB', () => {
  test('opening succeeds at once, calls fail at once, and closing ends the attempts', async () => {
    const attempts: unknown[] = [];
    const from = performance.now();
    const away = await openDocuments('mongodb://127.0.0.1:1/none', {
      deadlineMs: 100,
      onUnavailable: (error) => attempts.push(error),
    });
    expect(performance.now() - from).toBeLessThan(100);
    expect(await away.ready()).toBe(false);
    await expect(away.reviews.countDocuments({})).rejects.toThrow();
    await expect.poll(() => attempts.length).toBeGreaterThan(1);
    expect(performance.now() - from).toBeLessThan(5_000);
    await away.close();
    await expect(away.connected()).rejects.toThrow('closed');
  });

  test('a MongoDB that comes up later is connected to without a call', async () => {
    const target = new URL(testMongoUrl());
    const sockets = new Set<Socket>();
    const proxy = createServer((client) => {
      const upstream = dial(Number(target.port), target.hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          upstream.destroy();
        });
      }
      client.pipe(upstream).pipe(client);
    });
    const port = await freePort();
    const failures: unknown[] = [];
    const url = new URL(target);
    url.port = String(port);
    url.searchParams.set('directConnection', 'true');
    const later = await openDocuments(url.href, {
      deadlineMs: 500,
      onUnavailable: (error) => failures.push(error),
    });
    onTestFinished(async () => {
      await later.close();
      proxy.close();
      for (const socket of sockets) socket.destroy();
    });
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    proxy.listen(port, '127.0.0.1');
    await later.connected();
    expect(await later.ready()).toBe(true);
    await later.reviews.create(review());
  });

  test.each<'halfOpen' | 'swallow'>(['halfOpen', 'swallow'])(
    'a MongoDB that falls silent (%s) is noticed without a call, and every line to it is replaced',
    async (how) => {
      const line = await faultyLine(testMongoUrl());
      const url = new URL(line.url);
      url.searchParams.set('directConnection', 'true');
      const far = await openDocuments(url.href, { deadlineMs: 300, lineWatchMs: 500 });
      onTestFinished(async () => {
        await far.close();
        await line.close();
      });
      await far.connected();
      await Promise.all(Array.from({ length: 10 }, () => far.reviews.create(review())));
      line[how]();
      const { client } = far.connection as unknown as { client: EventEmitter };
      await once(client, 'connectionPoolCleared');
      line.mend();
      await expect.poll(() => far.ready(), { timeout: 10_000 }).toBe(true);
      await Promise.all(Array.from({ length: 10 }, () => far.reviews.create(review())));
    },
    // The driver's own numbers take 10 s and more.
    8_000,
  );

  test('a MongoDB that answers is ready', async () => {
    expect(await documents.ready()).toBe(true);
  });
});
