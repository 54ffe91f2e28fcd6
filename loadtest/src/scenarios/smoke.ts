/** A few sockets do all that a buyer does: join, hold and release named places, take the best two, pay, and hear `confirmed`. */
import { lastActs, play } from './play.ts';
import { optionsWith, PURCHASES, pause } from './run.ts';

export const options = optionsWith(PURCHASES);

/** Places near each other on purpose: neighbours must sometimes meet. */
const NEIGHBOURHOOD = 200;

export default () =>
  play(async (buyer) => {
    while (Date.now() < lastActs) {
      const wanted = buyer.free(Math.floor(Math.random() * NEIGHBOURHOOD), 2);
      const held = wanted.length === 0 ? null : await buyer.hold(wanted);
      await pause(50 + Math.random() * 150);
      if (held !== null) await buyer.release(held);
    }
    const best = await buyer.holdBest(2);
    if (best !== null) await buyer.buy(best);
  });
