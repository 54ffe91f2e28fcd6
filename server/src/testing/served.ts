/** A whole serving process over the test's own Redis and Postgres, with one event on sale. For *.pg.test.ts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentKey, JoseTokens, Revocations } from '@seatwire/domain';
import { smallTheatre } from '@seatwire/domain/testing';
import {
  type Epoch,
  type EventId,
  eventId,
  randomToken,
  type Session,
  type User,
  type UserId,
  userId,
  uuidv7,
} from '@seatwire/protocol';
import {
  createChart,
  createEvent,
  createUser,
  type Database,
  findSeatPlan,
  type NewEvent,
  openDatabase,
  openRedis,
  openSeatStore,
  type RedisClient,
  type SeatStore,
} from '@seatwire/store';
import { testDatabase, testRedisUrl } from '@seatwire/store/testing';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { serve } from '../serve.ts';

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly db: Database;
  readonly seats: SeatStore;
  readonly redis: RedisClient;
  readonly event: EventId;
  readonly organizer: UserId;
  /** JSON over REST. */
  call(method: string, path: string, o?: CallOptions): Promise<Answer>;
  /** A new customer, signed in. */
  customer(): Promise<Session>;
  /** An access token of the server's own making. `seconds` less than none: an expired one. */
  tokenOf(user: Pick<User, 'id' | 'role'>, seconds?: number): Promise<string>;
  /** A second server over the same stores, as after a restart. */
  another(): Promise<{ readonly url: string; readonly port: number; stop(): Promise<void> }>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into any body.
  readonly body: any;
}

/** `ledgerUrl`: where the server finds the ledger that is at this url. */
export async function startServed(
  options: Readonly<Record<string, string>> = {},
  event: Partial<NewEvent> = {},
  ledgerUrl: (url: string) => Promise<string> = async (url) => url,
): Promise<Served> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'seatwire-served-'));
  const redisUrl = testRedisUrl();
  const config = readConfig([], {
    PORT: '0',
    HOST: '127.0.0.1',
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: await ledgerUrl(database.url),
    REDIS_URL: redisUrl,
    // No server listens there: seats sell without documents.
    MONGO_URL: 'mongodb://127.0.0.1:9/none',
    DATA_DIR: dataDir,
    DRAIN_MS: '1000',
    FAILED_SIGN_INS_PER_MINUTE: '10000',
    REGISTRATIONS_PER_MINUTE: '10000',
    REQUESTS_PER_SECOND: '10000',
    PAYMENT_TIMEOUT_MS: '1000',
    ...options,
  });
  const db = await openDatabase(database.url, { max: 4 });
  const redis = await openRedis(redisUrl, 'commands');
  const seats = await openSeatStore({ url: redisUrl, commands: redis, partitions: config.partitions });
  const onSale = await putOnSale(db, event);
  await seats.rebuild(onSale.event, (await findSeatPlan(db, onSale.event))!, randomToken() as Epoch, null);
  const server = await serve(config, pino({ level: config.logLevel }));
  const url = `http://127.0.0.1:${server.port}`;

  const call: Served['call'] = async (method, path, o = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
        ...o.headers,
      },
      ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  };

  return {
    url,
    port: server.port,
    db,
    seats,
    redis,
    ...onSale,
    call,
    async customer() {
      const body = { email: `${uuidv7()}@test.example`, password: 'long enough 1', name: 'Somebody' };
      const answer = await call('POST', '/api/auth/register', { body });
      if (answer.status !== 201) throw new Error(`register: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as Session;
    },
    async tokenOf(user, seconds = 600) {
      const revocations = new Revocations(seconds * 1000);
      const key = await developmentKey(dataDir);
      const tokens = new JoseTokens(key, { issuer: config.tokenIssuer, seconds, revocations });
      return (await tokens.issue(user as User, uuidv7())).token;
    },
    async another() {
      const { port, stop } = await serve(config, pino({ level: config.logLevel }));
      return { url: `http://127.0.0.1:${port}`, port, stop };
    },
    async stop() {
      await server.stop();
      await seats.close();
      redis.disconnect();
      await db.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function putOnSale(
  db: Database,
  event: Partial<NewEvent> = {},
): Promise<{ readonly event: EventId; readonly organizer: UserId }> {
  const chart = smallTheatre();
  await createChart(db, chart);
  const organizer = userId.parse(uuidv7());
  const email = `${organizer}@test.example`;
  await createUser(db, { id: organizer, email, name: 'Organizer', role: 'organizer', passwordHash: 'none' });
  const id = eventId.parse(uuidv7());
  const day = 24 * 3600 * 1000;
  const at = (days: number) => new Date(Date.now() + days * day).toISOString();
  const created = await createEvent(db, {
    id,
    title: 'An evening',
    description: 'With music.',
    venue: 'Small theatre',
    city: 'Here',
    timeZone: 'Europe/Amsterdam',
    organizer,
    chart: chart.id,
    startsAt: at(30),
    saleOpensAt: at(-1),
    saleClosesAt: at(29),
    currency: 'EUR',
    prices: [
      { category: 'dear', amount: 5000 },
      { category: 'cheap', amount: 2000 },
      { category: 'standing', amount: 1000 },
    ],
    maxPerHold: 10,
    maxPerBuyer: 20,
    holdMs: 300_000,
    maxHoldMs: 900_000,
    payingMs: 120_000,
    noOrphans: false,
    published: true,
    ...event,
  });
  if (created !== 'created') throw new Error(`the event could not be made: ${created}`);
  return { event: id, organizer };
}
