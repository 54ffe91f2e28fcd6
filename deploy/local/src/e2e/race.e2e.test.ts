/**
 * Three ways in race for one seat, a thousand times: a native socket, a socket.io socket and REST, against the real system. And a
 * control: the same race against a guard that looks first and writes after, which loses it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpId } from '@seatwire/protocol';
import { openRedis } from '@seatwire/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type System, startSystem } from '../system.ts';
import { type Hall, openHall } from './hall.ts';
import { holdByRest, restMap, signIn } from './rest.ts';
import { nativeClient, socketIoClient } from './sockets.ts';
import { until } from './until.ts';

const ROUNDS = 1000;
const HEAD_START_MS = 6;

let dataDir: string;
let system: System;
let hall: Hall;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'seatwire-race-'));
  system = await startSystem({
    dataDir,
    // The race is quicker than any person: the limits are tested elsewhere.
    env: {
      MESSAGES_PER_SECOND: '10000',
      MESSAGE_BURST: '10000',
      REQUESTS_PER_SECOND: '10000',
      LOG_LEVEL: 'warn',
    },
    seed: async (urls) => {
      hall = await openHall(urls, { rows: 20, seatsPerRow: ROUNDS / 20, buyers: 3 });
    },
  });
});
afterAll(async () => {
  await system?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('[RE14] of three claims on one seat exactly one wins, 1,000 times; the others are refused and never learn who won', async () => {
  const { event, buyers, places } = hall;
  const tokens = await Promise.all(buyers.map((buyer) => signIn(system.url, buyer)));
  const native = nativeClient(system.url, tokens[0]!);
  const joined = await native.join(event);
  expect(joined.ok).toBe(true);
  const socketIo = await socketIoClient(system.url, tokens[1]!, event);
  // What a refusal must not contain: anybody's id, name or address.
  const secrets = buyers.flatMap((buyer) => [buyer.id, buyer.email, buyer.name]);
  const wins = [0, 0, 0];
  try {
    for (let place = 0; place < ROUNDS; place++) {
      const op = `race-${String(place).padStart(5, '0')}`;
      const byNative = async () => {
        const answer = await native.hold(event, [place], { op: op as OpId });
        return { won: answer.ok, code: answer.ok ? null : answer.code, text: JSON.stringify(answer) };
      };
      const bySocketIo = async () => {
        const answer = await socketIo.command('hold', { op, event, places: [place] });
        const code = answer.type === 'rejected' ? answer.code : null;
        return { won: answer.type === 'held', code, text: JSON.stringify(answer) };
      };
      const byRest = async () => {
        const answer = await holdByRest(system.url, tokens[2]!, event, op, [place]);
        return { won: answer.ok, code: answer.ok ? null : answer.code, text: JSON.stringify(answer) };
      };
      // A request takes longer to arrive than a frame on an open socket: the sockets start up to HEAD_START_MS later, so that
      // all three arrive about together and each wins some.
      const racers = [byNative, bySocketIo, byRest].map(async (claim, i) => {
        if (i < 2) await sleep(Math.random() * HEAD_START_MS);
        return claim();
      });
      const outcomes = await Promise.all(racers);
      const winners = outcomes.filter((outcome) => outcome.won);
      expect(winners, `round ${place}: ${outcomes.map((o) => o.text).join(' | ')}`).toHaveLength(1);
      wins[outcomes.indexOf(winners[0]!)]!++;
      for (const loser of outcomes.filter((outcome) => !outcome.won)) {
        expect(loser.code).toBe('place_taken');
        for (const secret of secrets) expect(loser.text).not.toContain(secret);
      }
    }
    expect(wins.reduce((a, b) => a + b)).toBe(ROUNDS);
    // A race in which one way in always wins would show little.
    for (const won of wins) expect(won).toBeGreaterThan(0);

    const truth = await restMap(system.url, event);
    expect(truth.map.count(1)).toBe(places);
    await until('all maps agree', 5000, async () => {
      const { version, map } = await restMap(system.url, event);
      const room = native.room(event)!;
      return (
        room.version === version &&
        socketIo.version() === version &&
        room.map.checksum === map.checksum &&
        socketIo.map().checksum === map.checksum
      );
    });
  } finally {
    native.stop();
    socketIo.close();
  }
});

test('control: with the guard off (look, then write) the same race sells seats twice', async () => {
  const clients = await Promise.all([0, 1, 2].map(() => openRedis(system.redisUrl, 'commands')));
  let doubled = 0;
  try {
    for (let place = 0; place < ROUNDS; place++) {
      const claims = await Promise.all(
        clients.map(async (redis, buyer) => {
          const key = `unguarded:${place}`;
          if ((await redis.get(key)) !== null) return false;
          await redis.set(key, String(buyer));
          return true;
        }),
      );
      if (claims.filter(Boolean).length > 1) doubled++;
    }
  } finally {
    for (const redis of clients) redis.disconnect();
  }
  expect(doubled).toBeGreaterThan(0);
});
