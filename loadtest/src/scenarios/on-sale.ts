/** The minute a sale opens: everybody wants the same few places at once, some think again, and it goes on until none is free. */
import { lastActs, play } from './play.ts';
import { optionsWith, PURCHASES, pause } from './run.ts';

export const options = optionsWith(PURCHASES);

const THINKS_AGAIN = 0.2;

export default () =>
  play(async (buyer) => {
    while (Date.now() < lastActs && !buyer.full) {
      const choice = buyer.freeAnywhere();
      if (choice.length === 0) {
        // Somebody may yet think again.
        await pause(500);
        continue;
      }
      const held = await buyer.hold(choice);
      if (held === null) await pause(200 + Math.random() * 600);
      else if (Math.random() < THINKS_AGAIN) await buyer.release(held);
      else await buyer.buy(held);
    }
  });
