/** The minute a sale opens: everybody wants the same few places at once, some think again, and it goes on until none is free. */
import exec from 'k6/execution';
import { Buyer } from './buyer.ts';
import { pause, run, socketsOf, until } from './run.ts';

export { options } from './run.ts';

export default async function onSale(): Promise<void> {
  await Promise.all(socketsOf(exec.vu.idInInstance).map(evening));
}

const THINKS_AGAIN = 0.2;
/** Buying begun later than this might not end in time. */
const LAST_ORDERS_MS = 5000;

async function evening(socket: number): Promise<void> {
  const buyer = new Buyer(socket);
  if (await buyer.enter()) {
    await until(run.opensAt);
    while (Date.now() < run.closesAt - LAST_ORDERS_MS && !buyer.full) {
      const [choice] = buyer.free(Math.floor(Math.random() * buyer.places), 1);
      if (choice === undefined) {
        // Somebody may yet think again.
        await pause(500);
        continue;
      }
      const held = await buyer.hold([choice]);
      if (held === null) await pause(200 + Math.random() * 600);
      else if (Math.random() < THINKS_AGAIN) await buyer.release(held.hold);
      else await buyer.buy(held);
    }
  }
  await buyer.leave();
}
