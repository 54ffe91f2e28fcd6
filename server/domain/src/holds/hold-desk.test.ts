import {
  type Chart,
  type EventDetail,
  type EventId,
  type OpId,
  type RejectCode,
  refused,
  uuidv7,
} from '@seatwire/protocol';
import { type HoldCommand, type SeatStore, Unavailable } from '@seatwire/store';
import { describe, expect, test } from 'vitest';
import type { Buyer } from '../accounts/buyer.ts';
import type { Catalogue, SaleEvent } from '../events/catalogue.ts';
import { type PriceList, priceList } from '../events/price-list.ts';
import { smallTheatre } from '../testing/small-theatre.ts';
import { HoldDesk } from './hold-desk.ts';
import { HoldExpiryWatch } from './hold-expiry-watch.ts';
import { HoldTouches } from './hold-touches.ts';
import { seatCalls } from './seat-calls.ts';

const event = uuidv7() as EventId;
const buyer = uuidv7() as Buyer;
const command = { op: 'some-op-1' as OpId, event, places: [3, 12] };
const chart: Chart = smallTheatre();

function prices(revision: number, dear: number): PriceList {
  const detail = {
    currency: 'EUR',
    prices: [
      { category: 'dear', amount: dear },
      { category: 'cheap', amount: 20 },
      { category: 'standing', amount: 10 },
    ],
  };
  return priceList(detail as unknown as EventDetail, chart, revision)!;
}

/** A desk over a store that answers `answers` in turn and a catalogue that gives `lists` in turn. */
function desk(o: {
  answers: (RejectCode | Error | 'grant')[];
  lists?: (PriceList | null | Error)[];
  known?: boolean;
}) {
  const asked: HoldCommand[] = [];
  const rebuilds: EventId[] = [];
  const lists = o.lists ?? [prices(1, 50)];
  let list = 0;
  const store = {
    hold: async (held: HoldCommand) => {
      const answer = o.answers[asked.push(held) - 1]!;
      if (answer instanceof Error) throw answer;
      if (answer !== 'grant') return { ok: false, code: answer, places: [3] };
      const want = held.want as Extract<HoldCommand['want'], { kind: 'places' }>;
      return { ok: true, hold: held.hold, ...want, amount: 70, currency: 'EUR', fence: 1, expiresAt: 5 };
    },
  } as unknown as SeatStore;
  const catalogue: Catalogue = {
    find: async () => ((o.known ?? true) ? ({} as SaleEvent) : null),
    chart: async () => chart,
    prices: async () => {
      const now = lists[Math.min(list, lists.length - 1)]!;
      if (now instanceof Error) throw now;
      return now;
    },
    forget: () => list++,
  };
  const outcomes: string[] = [];
  const calls = seatCalls({ catalogue, requestRebuild: async (id) => rebuilds.push(id) });
  const expiryWatch = new HoldExpiryWatch({
    find: async () => null,
    tell: async () => undefined,
    failed: () => undefined,
  });
  const holds = new HoldDesk({
    store,
    catalogue,
    calls,
    expiryWatch,
    touches: new HoldTouches({ publish: async () => undefined, failed: () => undefined }),
    count: (_, outcome) => outcomes.push(outcome),
  });
  return { holds, asked, rebuilds, outcomes };
}

describe('the hold desk', () => {
  test('the hold desk prices each place as the catalogue says', async () => {
    const { holds, asked, outcomes } = desk({ answers: ['grant'] });
    expect(await holds.hold(buyer, command)).toMatchObject({
      ok: true,
      prices: [50, 20],
    });
    expect(asked[0]).toMatchObject({ priceRevision: 1, want: { places: [3, 12], prices: [50, 20] } });
    expect(outcomes).toEqual(['granted']);
  });

  test('the hold desk looks at the prices again when they changed, once', async () => {
    const lists = [prices(1, 50), prices(2, 60)];
    const twice = desk({ answers: ['price_changed', 'grant'], lists });
    expect(await twice.holds.hold(buyer, command)).toMatchObject({ ok: true, prices: [60, 20] });
    expect(twice.asked.map((asked) => asked.priceRevision)).toEqual([1, 2]);
    const never = desk({ answers: ['price_changed', 'price_changed', 'grant'], lists });
    expect(await never.holds.hold(buyer, command)).toMatchObject(refused('price_changed'));
  });

  test('the hold desk passes a refusal on, with the places in the way', async () => {
    const { holds, outcomes } = desk({ answers: ['place_taken'] });
    expect(await holds.hold(buyer, command)).toEqual(refused('place_taken', [3]));
    expect(outcomes).toEqual(['place_taken']);
  });

  test('the hold desk asks nothing of the store for a place, section or event that is not there', async () => {
    const { holds, asked } = desk({ answers: [] });
    expect(await holds.hold(buyer, { ...command, places: [3, 99] })).toEqual(refused('unknown_place', [99]));
    const best = { op: command.op, event, count: 2, category: null, together: true };
    expect(await holds.holdBest(buyer, { ...best, area: 'Z' })).toEqual(refused('unknown_area'));
    expect(asked).toEqual([]);
    expect(await desk({ answers: [], lists: [null] }).holds.hold(buyer, command)).toEqual(
      refused('unknown_event'),
    );
  });

  test('the hold desk asks for a rebuild of an event whose seats are gone, and only of one that exists', async () => {
    const lost = desk({ answers: ['event_rebuilding'] });
    expect(await lost.holds.hold(buyer, command)).toEqual(refused('event_rebuilding'));
    expect(lost.rebuilds).toEqual([event]);
    const none = desk({ answers: ['event_rebuilding'], known: false });
    expect(await none.holds.hold(buyer, command)).toEqual(refused('unknown_event'));
    expect(none.rebuilds).toEqual([]);
  });

  test('the hold desk says unavailable when Redis or Postgres is lost, and lets a defect through', async () => {
    const redis = desk({ answers: [new Unavailable('redis', 'gone')] });
    expect(await redis.holds.hold(buyer, command)).toEqual(refused('unavailable'));
    const postgres = desk({ answers: [], lists: [new Unavailable('postgres', 'gone')] });
    expect(await postgres.holds.hold(buyer, command)).toEqual(refused('unavailable'));
    const defect = desk({ answers: [new TypeError('a defect')] });
    await expect(defect.holds.hold(buyer, command)).rejects.toThrow('a defect');
  });
});
