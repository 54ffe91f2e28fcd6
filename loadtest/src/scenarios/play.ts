/** A virtual user's run: its sockets come, do what the scenario says once it begins, and leave when all maps are read. */
import exec from 'k6/execution';
import { Buyer } from './buyer.ts';
import { missed } from './metrics.ts';
import { pause, run, socketsOf, until } from './run.ts';
import { tellProgress } from './tally.ts';

/** What is begun later than this might not end in time. */
const LAST_ACTS_MS = 5000;
export const lastActs = run.closesAt - Math.min(LAST_ACTS_MS, (run.closesAt - run.opensAt) / 2);

/** Each socket enters, does what `act` says from the opening on, and leaves at the end whatever it did. */
export async function play(act: (buyer: Buyer) => Promise<void>): Promise<void> {
  const endTelling = tellProgress();
  try {
    await Promise.all(
      socketsOf(exec.vu.idInInstance).map(async (socket) => {
        const buyer = new Buyer(socket);
        if (await buyer.enter()) {
          await until(run.opensAt);
          await act(buyer);
        }
        await buyer.leave();
      }),
    );
  } finally {
    // A timer left behind would keep k6's iteration open.
    endTelling();
  }
}

/** Sockets that act, from the first on, when each acts at most `perSocket` times a second. */
export const actors = (perSocket: number): number =>
  Math.min(run.sockets, Math.max(1, Math.ceil(run.rate / perSocket)));

/**
 * This socket's share of the rate, when the first `among` share it: `act` is begun on time, whether or not the answers are slow.
 * While one is still under way the next is left out and counted, since a buyer does one thing at a time.
 */
export async function atRate(among: number, act: () => Promise<void>): Promise<void> {
  const everyMs = (among / run.rate) * 1000;
  let busy = false;
  let last: Promise<void> = Promise.resolve();
  for (let due = run.opensAt + Math.random() * everyMs; due < lastActs; due += everyMs) {
    await until(due);
    if (busy) {
      missed.add(1);
      continue;
    }
    busy = true;
    last = act().finally(() => {
      busy = false;
    });
  }
  await last;
}

/** Holds a free place anywhere, thinks, and lets go. */
export async function thinkAgain(buyer: Buyer, thinkMs: number): Promise<void> {
  const wanted = buyer.freeAnywhere();
  const held = wanted.length === 0 ? null : await buyer.hold(wanted);
  await pause(thinkMs);
  if (held !== null) await buyer.release(held);
}

/** Holds a free place anywhere, and buys it. */
export async function purchase(buyer: Buyer): Promise<void> {
  const wanted = buyer.freeAnywhere();
  const held = wanted.length === 0 ? null : await buyer.hold(wanted);
  if (held !== null) await buyer.buy(held);
}
