/** A few sockets do all that a buyer does: join, hold and release named places, take the best two, pay, and hear `confirmed`. */
import exec from 'k6/execution';
import { Buyer } from './buyer.ts';
import { pause, run, socketsOf, until } from './run.ts';

export { options } from './run.ts';

export default async function smoke(): Promise<void> {
  await Promise.all(socketsOf(exec.vu.idInInstance).map(evening));
}

/** Places near each other on purpose: neighbours must sometimes meet. */
const NEIGHBOURHOOD = 200;
/** Time to buy, at the end. */
const LAST_ORDERS_MS = 5000;

async function evening(socket: number): Promise<void> {
  const buyer = new Buyer(socket);
  if (await buyer.enter()) {
    await until(run.opensAt);
    while (Date.now() < run.closesAt - LAST_ORDERS_MS) {
      const [first, second] = buyer.free(Math.floor(Math.random() * NEIGHBOURHOOD), 2);
      const held =
        first === undefined ? null : await buyer.hold(second === undefined ? [first] : [first, second]);
      await pause(50 + Math.random() * 150);
      if (held !== null) await buyer.release(held.hold);
    }
    const best = await buyer.holdBest(2);
    if (best !== null) await buyer.buy(best);
  }
  await buyer.leave();
}
