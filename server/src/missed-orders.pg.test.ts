import { type UserId, uuidv7 } from '@seatwire/protocol';
import {
  closeDatabase,
  type Database,
  flushPurchases,
  LINE_BACK,
  listenToNews,
  openDatabase,
  openRedis,
  type PrivateMessage,
  publishNews,
  type RedisClient,
} from '@seatwire/store';
import {
  type FaultyLine,
  faultyLine,
  type SampleSale,
  samplePurchase,
  sampleSale,
  type TestDatabase,
  testDatabase,
  testRedisUrl,
} from '@seatwire/store/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { MissedOrders } from './missed-orders.ts';

let database: TestDatabase;
let ledgerLine: FaultyLine;
let db: Database;
let straight: Database;
let publisher: RedisClient;
let sale: SampleSale;
beforeAll(async () => {
  database = await testDatabase();
  ledgerLine = await faultyLine(database.url);
  straight = await openDatabase(database.url);
  publisher = await openRedis(testRedisUrl(), 'commands');
  sale = await sampleSale(straight, { buyers: 3 });
});
afterAll(async () => {
  publisher.disconnect();
  await closeDatabase(straight);
  await ledgerLine.close();
  await database.drop();
});

let line: FaultyLine;
let bus: RedisClient;
let told: PrivateMessage[];
let stopHearing: () => Promise<void>;
let missed: MissedOrders;
let failures: string[];
let here: readonly UserId[];
beforeEach(async () => {
  line = await faultyLine(testRedisUrl());
  bus = await openRedis(line.url, 'pubsub', { lineWatchMs: 50 });
  db = await openDatabase(ledgerLine.url, { statementTimeoutMs: 100 });
  told = [];
  failures = [];
  here = sale.buyers;
  missed = new MissedOrders({
    db,
    bus,
    users: () => here,
    tell: (notice) => told.push(notice),
    failed: (_, what) => failures.push(what),
  });
  stopHearing = await listenToNews(
    bus,
    (news) => 'message' in news && told.push(news),
    (error) => expect(error).toBeNull(),
  );
});
afterEach(async () => {
  missed.stop();
  void stopHearing().catch(() => undefined);
  ledgerLine.mend();
  bus.disconnect();
  await closeDatabase(db);
  await line.close();
});

let next = 0;
/** Written and told as the worker does it. */
async function written(places = [next++], fence?: number): Promise<PrivateMessage> {
  const purchase = { ...samplePurchase(sale, places), ...(fence === undefined ? {} : { fence }) };
  const [outcome] = await flushPurchases(straight, [purchase]);
  const { event, order, buyer: to } = purchase;
  const { status } = outcome!;
  const reason = outcome!.status === 'rejected' ? outcome!.reason : null;
  const notice: PrivateMessage = { to, message: { type: 'order', event, order, status, places, reason } };
  await publishNews(publisher, [notice]);
  return notice;
}
const heard = (notice: PrivateMessage) =>
  expect.poll(
    () =>
      told.filter(
        ({ message }) =>
          message.type === 'order' && 'order' in notice.message && message.order === notice.message.order,
      ),
    {
      timeout: 10_000,
    },
  );

test('[CF3] orders that were told while the line to the bus was dead are told once it is back, the refused ones too', async () => {
  missed.start();
  const before = await written();
  await heard(before).toContainEqual(before);
  line.halfOpen();
  const place = next++;
  const sold = await written([place]);
  const refused = await written([place, next++]);
  expect(refused.message).toMatchObject({ status: 'rejected' });
  await heard(sold).toContainEqual(sold);
  await heard(refused).toContainEqual(refused);
  const after = await written();
  await heard(after).toContainEqual(after);
});

test('[CF3] the control: without reading back they are lost, and what comes later is heard', async () => {
  line.halfOpen();
  const lost = await written();
  let after = await written();
  await expect
    .poll(
      async () => {
        after = await written();
        return told.length;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0);
  await heard(after).toContainEqual(after);
  await heard(lost).toEqual([]);
});

test('[CF3] while the ledger is away as well they wait for it', async () => {
  missed.start();
  line.halfOpen();
  const lost = await written();
  ledgerLine.swallow();
  await expect.poll(() => failures.length, { timeout: 10_000 }).toBeGreaterThan(0);
  ledgerLine.mend();
  await heard(lost).toContainEqual(lost);
});

test('[CF3] nothing is told to users that are not here', async () => {
  missed.start();
  here = [uuidv7() as UserId];
  line.halfOpen();
  const lost = await written();
  // Not events.once: what is said of the dead line before is an error.
  await new Promise((resolve) => (bus as NodeJS.EventEmitter).once(LINE_BACK, resolve));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await heard(lost).toEqual([]);
});
