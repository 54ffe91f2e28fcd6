/** Random commands for model and Redis: few buyers, places, ops and holds, so that they meet all the time. */
import { type OpId, randomToken } from '@seatwire/protocol';
import fc from 'fast-check';
import type { EventRules } from '../../words/event-rules.ts';
import type { SeatPlan } from '../../words/seat-plan.ts';
import type { HoldCommand } from '../seat-store.ts';
import { BUYERS, buyerId, holdId, type Made, orderId, PLACES, type World } from './world.ts';

export const START_US = 1_800_000_000_000_000;
const START_MS = START_US / 1000;

type Act = (world: World) => Promise<unknown>;

class Step implements fc.AsyncCommand<object, World> {
  readonly #title: string;
  readonly #act: Act;

  constructor(title: string, act: Act) {
    this.#title = title;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(_: object, world: World): Promise<void> {
    await this.#act(world);
    await world.agree();
  }

  toString(): string {
    return this.#title;
  }
}

const step = <T>(
  title: string,
  arbitrary: fc.Arbitrary<T>,
  act: (world: World, value: T) => Promise<unknown>,
) => arbitrary.map((value) => new Step(`${title} ${fc.stringify(value)}`, (world) => act(world, value)));

const rules: fc.Arbitrary<EventRules> = fc.record({
  saleOpensAt: fc.constantFrom(0, 0, 0, START_MS + 20_000),
  saleClosesAt: fc.constantFrom(8e15, 8e15, 8e15, START_MS + 300_000),
  maxPerHold: fc.constantFrom(3, 5, 10),
  maxPerBuyer: fc.constantFrom(4, 8, 14),
  holdMs: fc.constantFrom(1, 10_000, 60_000),
  maxHoldMs: fc.constantFrom(30_000, 120_000),
  payingMs: fc.constantFrom(5_000, 90_000),
  currency: fc.constantFrom('EUR', 'JPY'),
  priceRevision: fc.constantFrom(1, 1, 1, 2),
  noOrphans: fc.boolean(),
});
const place = fc.nat({ max: PLACES + 1 });
const somePlaces = fc.uniqueArray(place, { minLength: 1, maxLength: 6 });
const nearPlaces = fc
  .tuple(fc.nat({ max: PLACES - 1 }), fc.integer({ min: 1, max: 4 }))
  .map(([first, count]) => Array.from({ length: count }, (_, i) => first + i));
const places = fc.oneof(nearPlaces, somePlaces);
const buyer = fc.nat({ max: BUYERS - 1 });
// Few, so that repeats and conflicts happen; most commands get a fresh one.
const op = fc.option(fc.nat({ max: 4 }), { freq: 4 });
const which = fc.nat({ max: 5 });
const stretch = fc.record({
  first: fc.nat({ max: PLACES }),
  count: fc.integer({ min: 1, max: PLACES }),
  price: fc.nat({ max: 9_999 }),
});
const best = fc.record({
  kind: fc.constant('best' as const),
  count: fc.integer({ min: 1, max: 5 }),
  together: fc.boolean(),
  stretches: fc.array(stretch, { maxLength: 3 }),
});
const named = fc
  .tuple(places, fc.nat({ max: 9_999 }))
  .map(([of, price]) => ({ kind: 'places' as const, places: of, prices: of.map((at) => price + at) }));
const wish = fc.record({
  buyer,
  op,
  want: fc.oneof({ arbitrary: named, weight: 3 }, { arbitrary: best, weight: 1 }),
  priceRevision: fc.constantFrom(1, 1, 1, 1, 1, 2),
  twin: fc.constantFrom(false, false, false, false, true),
});
const plan = fc.record({ sold: fc.uniqueArray(fc.nat({ max: PLACES - 1 }), { maxLength: 3 }), rules });

const opId = (world: World, n: number | null) =>
  (n === null ? `fresh-${world.steps}-op` : `repeated-${n}`) as OpId;

interface Wish {
  readonly buyer: number;
  readonly op: number | null;
  readonly want: HoldCommand['want'];
  readonly priceRevision?: number;
  /** Under the hold id of the wish before it. */
  readonly twin?: boolean;
}

/** Asked in one turn of the event loop: the store takes them together, the model one by one. */
async function hold(world: World, ...wishes: readonly Wish[]) {
  let id = holdId(world.steps * 100);
  const commands = wishes.map((wish, i) => {
    if (!wish.twin) id = holdId(world.steps * 100 + i);
    const { want, priceRevision = 1 } = wish;
    const fresh = wish.op === null ? `fresh-${world.steps}-${i}-op` : `repeated-${wish.op}`;
    return {
      event: world.event,
      buyer: buyerId(wish.buyer),
      op: fresh as OpId,
      hold: id,
      priceRevision,
      want,
    };
  });
  const results = await world.both((store) => Promise.all(commands.map((command) => store.hold(command))));
  for (const result of results) {
    const known = result.ok && world.made.some((made) => made.hold === result.hold);
    if (result.ok && !known) world.made.push({ ...result, order: null });
  }
}

/** A step on one of the last holds, mostly by its owner. */
const onHold = (
  title: string,
  act: (world: World, made: Made, ref: Parameters<World['model']['extend']>[0]) => Promise<unknown>,
) =>
  step(
    title,
    fc.record({ which, op, thief: fc.option(buyer, { freq: 9 }).map((n) => n) }),
    async (world, value) => {
      const made = world.made.at(-1 - value.which);
      if (made === undefined) return;
      const who = value.thief !== null && value.which === 0 ? buyerId(value.thief) : made.buyer;
      await act(world, made, { event: world.event, buyer: who, op: opId(world, value.op), hold: made.hold });
    },
  );

const steps = [
  step('hold', fc.record({ buyer, op, want: named }), hold),
  step('hold at another price list', fc.record({ buyer, want: named }), (world, v) =>
    hold(world, { ...v, op: null, priceRevision: 2 }),
  ),
  step('best', fc.record({ buyer, op, want: best }), hold),
  step('holds at once', fc.array(wish, { minLength: 2, maxLength: 7 }), (world, wishes) =>
    hold(world, ...wishes),
  ),
  onHold('extend', (world, _, ref) => world.both((store) => store.extend(ref))),
  onHold('release', (world, _, ref) => world.both((store) => store.release(ref))),
  onHold('checkout', async (world, made, ref) => {
    const order = orderId(world.steps);
    const result = await world.both((store) => store.checkout({ ...ref, order }));
    if (result.ok && result.hold === made.hold) made.order = result.order;
  }),
  onHold('revert', (world, _, ref) => world.both((store) => store.revert(ref))),
  onHold('confirm', (world, made, ref) => {
    const order = made.order ?? orderId(0);
    return world.both((store) => store.confirm({ ...ref, order, payment: `pay ${world.steps}` }));
  }),
  step('cancel', fc.record({ which, places }), async (world, v) => {
    const made = world.made.at(-1 - v.which);
    if (made === undefined) return;
    const { buyer: who, fence } = made;
    await world.both((store) => store.cancel({ event: world.event, buyer: who, fence, places: v.places }));
  }),
  step('block', places, (world, v) => world.both((store) => store.block({ event: world.event, places: v }))),
  step('unblock', places, (world, v) =>
    world.both((store) => store.unblock({ event: world.event, places: v })),
  ),
  step('wait', fc.constantFrom(1, 999, 6_000, 40_000), (world, ms) =>
    world.clock.set(world.clock.now() + ms * 1000 + 7),
  ),
  step('sweep', fc.constantFrom(1, 100), (world, limit) => world.both((store) => store.expireDue(0, limit))),
  step('set rules', rules, (world, v) => world.both((store) => store.setRules(world.event, v))),
  step('rebuild', plan, (world, v) => rebuild(world, v.rules, v.sold)),
  step('freeze and rebuild', plan, async (world, v) => {
    await world.both((store) => store.freeze(world.event));
    await hold(world, { buyer: 0, op: null, want: { kind: 'places', places: [0], prices: [0] } });
    await rebuild(world, v.rules, v.sold);
  }),
];

async function rebuild(world: World, ruled: EventRules, sold: readonly number[]): Promise<void> {
  const epoch = randomToken() as typeof world.epoch;
  const before = await world.model.snapshot(world.event);
  const replaces = before?.epoch ?? null;
  const fence = world.made.length === 0 ? 5 : world.made.at(-1)!.fence;
  const made: SeatPlan = {
    places: PLACES,
    runStarts: [0, 5, 6],
    rules: ruled,
    sold: sold.map((at) => ({ place: at, fence, buyer: buyerId(at % BUYERS) })),
    blocked: [],
    fence,
  };
  if (await world.both((store) => store.rebuild(world.event, made, epoch, replaces))) world.epoch = epoch;
}

/** Runs that begin with an event on sale. */
export const runs = fc.tuple(
  rules,
  fc.commands<object, World, false>(steps, { maxCommands: 60, size: 'large' }),
);

export async function begin(world: World, ruled: EventRules): Promise<void> {
  await world.clock.set(START_US);
  await rebuild(world, { ...ruled, saleOpensAt: 0, saleClosesAt: 8e15, priceRevision: 1 }, []);
}
