import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import mongoose from 'mongoose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from './free-port.ts';
import { startMongo } from './mongo.ts';
import { temporaryFolder } from './temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

async function withConnection<T>(
  url: string,
  use: (connection: mongoose.Connection) => Promise<T>,
): Promise<T> {
  const connection = await mongoose.createConnection(url, { serverSelectionTimeoutMS: 5_000 }).asPromise();
  try {
    return await use(connection);
  } finally {
    await connection.close(true);
  }
}

test('every document MongoDB acknowledged is there after 10 SIGKILLs', async () => {
  const mongo = await startMongo({ dir: folder.path });
  for (let round = 0; round < 10; round++) {
    await withConnection(mongo.url, async (connection) => {
      for (let n = 0; n < 20; n++) await connection.collection('reviews').insertOne({ round, n });
      await mongo.kill();
    });
    await mongo.restart();
    expect(
      await withConnection(mongo.url, (connection) => connection.collection('reviews').countDocuments()),
    ).toBe(20 * (round + 1));
  }
  await mongo.stop();
});

test('indexes, duplicates and text search work as mongoose expects', async () => {
  const mongo = await startMongo({ dir: folder.path });
  await withConnection(mongo.url, async (connection) => {
    const schema = new mongoose.Schema({ order: { type: String, unique: true }, text: String }).index({
      text: 'text',
    });
    const Review = connection.model('Review', schema);
    await Review.init();
    await Review.create({ order: '1', text: 'a fine view of the stage' });
    await expect(Review.create({ order: '1', text: 'again' })).rejects.toMatchObject({ code: 11000 });
    expect(await Review.countDocuments({ $text: { $search: 'view' } })).toBe(1);
  });
  await mongo.stop();
});

test('a port somebody has is refused with its number, and no socket folder is left behind', async () => {
  const sockets = async () =>
    (await readdir(tmpdir())).filter((name) => name.startsWith('seatwire-mongo-')).sort();
  const before = await sockets();
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await expect(startMongo({ dir: folder.path, port })).rejects.toMatchObject({
    code: 'port_taken',
    message: expect.stringContaining(`${port}`),
  });
  server.close();
  const mongo = await startMongo({ dir: folder.path, port });
  expect(await sockets()).toHaveLength(before.length + 1);
  await mongo.kill();
  expect(await sockets()).toEqual(before);
});
