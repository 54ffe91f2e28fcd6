/** Long and flat: holds, releases, and a purchase now and then, spread over the whole run so that no buyer is full before its end. */
import { actors, atRate, play, purchase, thinkAgain } from './play.ts';
import { optionsWith, PURCHASES, run } from './run.ts';

export const options = optionsWith({
  ...PURCHASES,
  // Named, so that the summary has them apart; the harness compares them.
  'seatwire_hold_ms{third:first}': ['p(95)<1000'],
  'seatwire_hold_ms{third:last}': ['p(95)<1000'],
});

const among = actors(1);
/** Fewer than any event lets one buyer have. */
const PURCHASES_EACH = 4;
const everyMs = (run.closesAt - run.opensAt) / PURCHASES_EACH;

export default () =>
  play(async (buyer) => {
    if (buyer.socket >= among) return;
    let next = run.opensAt + Math.random() * everyMs;
    await atRate(among, async () => {
      if (Date.now() < next || buyer.full) return thinkAgain(buyer, 200);
      next += everyMs;
      await purchase(buyer);
    });
  });
