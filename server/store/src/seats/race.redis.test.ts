import { testRedisUrl } from '@seatwire/store/testing';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { arena, newBuyer } from './contract/fixture.ts';
import { openSeatStore } from './seat-store.redis.ts';

const BUYERS = 200;
const ROUNDS = 20;

test('[IN2] in 20 races of 200 buyers over two connections each place has one winner', async () => {
  const stores = await Promise.all([0, 1].map(() => openSeatStore({ url: testRedisUrl() })));
  const { event } = await arena(stores[0]!);
  const doors = await Promise.all(stores.map(async (store) => Object.assign(await arena(store), { event })));
  for (let place = 0; place < ROUNDS; place++) {
    const asked = Array.from({ length: BUYERS }, (_, i) =>
      doors[i % 2]!.hold([place], { buyer: newBuyer() }),
    );
    const winners = (await Promise.all(asked)).filter(({ ok }) => ok);
    expect(winners).toHaveLength(1);
  }
  await Promise.all(stores.map((store) => store.close()));
});

test('control: without the script, looking first and taking then, a place has several winners', async () => {
  const clients = [0, 1].map(() => new Redis(testRedisUrl()));
  const lookThenTake = async (client: Redis, key: string, buyer: string) => {
    if ((await client.get(key)) !== null) return false;
    await client.set(key, buyer);
    return true;
  };
  const winners = await Promise.all(
    Array.from({ length: BUYERS }, (_, i) => lookThenTake(clients[i % 2]!, 'control:place', `buyer-${i}`)),
  );
  expect(winners.filter(Boolean).length).toBeGreaterThan(1);
  for (const client of clients) client.disconnect();
});
