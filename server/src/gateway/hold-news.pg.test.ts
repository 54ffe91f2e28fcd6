/** One buyer, many sessions: two servers on the same stores, both transports, and commands by each of them and by REST. */
import {
  type Epoch,
  type EventId,
  encodeUp,
  type HoldId,
  randomToken,
  type Session,
  type Up,
} from '@seatwire/protocol';
import { findSeatPlan } from '@seatwire/store';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Served, startServed } from '../testing/served.ts';
import { SocketIoClient } from './testing/socket-io-client.ts';
import { op, WireClient } from './testing/wire-client.ts';

type Said = Record<string, unknown>;

interface Sitting {
  readonly name: string;
  /** What it was told of holds, oldest first. */
  told(): Said[];
  ask(type: string, fields: Said): Promise<Said>;
  close(): unknown;
}

let served: Served;
let two: { readonly port: number; stop(): Promise<void> };
let event: EventId;
/** Standing places: best available takes seats. */
let place = 20;
const sittings: Sitting[] = [];

beforeAll(async () => {
  served = await startServed();
  two = await served.another();
  ({ event } = served);
});
afterEach(async () => {
  await Promise.all(sittings.splice(0).map((sitting) => sitting.close()));
});
afterAll(async () => {
  await two.stop();
  await served.stop();
});

const isNews = (type: unknown) => type === 'hold-changed' || type === 'hold-ended';

async function native(port: number, token: string): Promise<Sitting> {
  const client = await WireClient.open(`ws://127.0.0.1:${port}/ws`, token);
  return {
    name: `native on ${port}`,
    told: () => client.heard.filter(({ type }) => isNews(type)) as unknown as Said[],
    async ask(type, fields) {
      const own = op();
      client.socket.send(encodeUp({ type, op: own, ...fields } as unknown as Up));
      const answer = () => client.heard.find((said) => 'op' in said && said.op === own);
      if (type === 'join') return client.next('snapshot') as never;
      await vi.waitUntil(answer, { timeout: 15_000 });
      return answer() as unknown as Said;
    },
    close: () => client.close(),
  };
}

async function socketIo(port: number, token: string): Promise<Sitting> {
  const client = await SocketIoClient.open(port, { auth: { token } });
  return {
    name: `socket.io on ${port}`,
    told: () => client.heard.filter(({ name }) => isNews(name)).map(({ body }) => body),
    ask: (type, fields) => client.ask(type, fields),
    close: () => client.close(),
  };
}

/** Four sessions of the buyer, all in the room. */
async function sit({ accessToken }: Session): Promise<Sitting[]> {
  for (const port of [served.port, two.port]) {
    sittings.push(await native(port, accessToken), await socketIo(port, accessToken));
  }
  const joining = { event, epoch: null, version: null };
  await Promise.all(sittings.map((sitting) => sitting.ask('join', joining)));
  return [...sittings];
}

const rest = (buyer: Session) => ({
  async hold(places: number[]): Promise<HoldId> {
    const body = { opId: op(), places };
    const path = `/api/events/${event}/holds`;
    return (await served.call('POST', path, { token: buyer.accessToken, body })).body.hold;
  },
  release: (hold: HoldId) =>
    served.call('DELETE', `/api/events/${event}/holds/${hold}`, { token: buyer.accessToken }),
  buy: (hold: HoldId, method: string) =>
    served.call('POST', '/api/orders', {
      token: buyer.accessToken,
      headers: { 'idempotency-key': op() },
      body: { event, hold, method },
    }),
});

async function allHear(who: readonly Sitting[], news: Said): Promise<void> {
  for (const sitting of who) {
    await vi.waitFor(
      () => expect(sitting.told(), sitting.name).toContainEqual(expect.objectContaining(news)),
      {
        timeout: 10_000,
      },
    );
  }
}

/** What the session was told after all there was to tell has come: a hold of REST's, made and declined, comes last. */
async function toldOf(sitting: Sitting, buyer: Session): Promise<Said[]> {
  const marker = await rest(buyer).hold([place++]);
  await rest(buyer).buy(marker, 'tok_declined');
  await allHear([sitting], { type: 'hold-changed', hold: marker, order: expect.any(String), paying: false });
  return sitting.told().filter(({ hold }) => hold !== marker);
}

describe.each([0, 1, 2, 3])('a command of session %i', (actor) => {
  test(`[N1] [CB8] [CB11] a command of session ${actor} is told to the three others, and to itself only what its declined card did`, async () => {
    const buyer = await served.customer();
    const all = await sit(buyer);
    const own = all[actor]!;
    const others = all.filter((sitting) => sitting !== own);
    const first = place++;

    const { hold } = await own.ask('hold', { event, places: [first] });
    await allHear(others, { type: 'hold-changed', event, hold, places: [first], paying: false, order: null });
    const { expiresAt } = await own.ask('extend', { event, hold });
    await allHear(others, { type: 'hold-changed', hold, expiresAt, paying: false });
    const { order } = await own.ask('checkout', { event, hold });
    await allHear(others, { type: 'hold-changed', hold, paying: true, order });
    expect(await own.ask('pay', { event, hold, method: 'tok_declined' })).toMatchObject({
      code: 'payment_declined',
    });
    const givenBack = { type: 'hold-changed', hold, paying: false, order };
    await allHear(all, givenBack);
    await own.ask('release', { event, hold });
    await allHear(others, { type: 'hold-ended', event, hold, reason: 'released' });

    const best = { event, count: 1, area: 'B', category: null, together: true };
    const bought = (await own.ask('hold-best', best)).hold as HoldId;
    await allHear(others, { type: 'hold-changed', hold: bought, amount: 2000 });
    await own.ask('checkout', { event, hold: bought });
    expect(await own.ask('pay', { event, hold: bought, method: 'tok_ok' })).toMatchObject({
      type: 'accepted',
    });
    await allHear(others, { type: 'hold-ended', event, hold: bought, reason: 'sold' });

    expect(await toldOf(own, buyer)).toEqual([expect.objectContaining(givenBack)]);
    for (const sitting of others) {
      const ends = sitting.told().filter(({ type }) => type === 'hold-ended');
      expect(ends).toHaveLength(2);
    }
  });
});

describe('to every session of the buyer', () => {
  test('[CB8] [CB9] [CB11] a command by REST is told', async () => {
    const buyer = await served.customer();
    const all = await sit(buyer);
    const { hold: take, release, buy } = rest(buyer);
    const at = place++;
    const hold = await take([at]);
    await allHear(all, { type: 'hold-changed', event, hold, places: [at], paying: false });
    expect((await buy(hold, 'tok_declined')).status).toBe(402);
    await allHear(all, { type: 'hold-changed', hold, paying: false, order: expect.any(String) });
    await release(hold);
    await allHear(all, { type: 'hold-ended', hold, reason: 'released' });
    const bought = await take([at]);
    expect((await buy(bought, 'tok_ok')).status).toBe(202);
    await allHear(all, { type: 'hold-ended', hold: bought, reason: 'sold' });
  });

  test('[CB8] an expiry is told, to the one that made the hold too, and to nobody else', async () => {
    const [buyer, stranger] = [await served.customer(), await served.customer()];
    const all = await sit(buyer);
    const other = await native(two.port, stranger.accessToken);
    sittings.push(other);
    await other.ask('join', { event, epoch: null, version: null });
    const { rules } = (await findSeatPlan(served.db, event))!;
    expect(await served.seats.setRules(event, { ...rules, holdMs: 200 })).toBe(true);
    const { hold } = await all[0]!.ask('hold', { event, places: [place++] });
    await served.seats.setRules(event, rules);
    await vi.waitUntil(() => served.seats.expireDue(served.seats.partitionOf(event), 100), {
      timeout: 10_000,
    });
    await allHear(all, { type: 'hold-ended', event, hold, reason: 'expired' });
    expect(other.told()).toEqual([]);
  });

  test('[CB9] a rebuild is told', async () => {
    const buyer = await served.customer();
    const all = await sit(buyer);
    const { hold } = await all[0]!.ask('hold', { event, places: [place++] });
    const { epoch } = (await served.seats.snapshot(event))!;
    const plan = (await findSeatPlan(served.db, event))!;
    expect(await served.seats.rebuild(event, plan, randomToken() as Epoch, epoch)).toBe(true);
    await allHear(all, { type: 'hold-ended', event, hold, reason: 'rebuilt' });
  });
});
