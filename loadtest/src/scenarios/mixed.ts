/** Everything at once: most look on, some hold and think again, some buy, and connections break. */
import { actors, atRate, play, purchase, thinkAgain } from './play.ts';
import { optionsWith, PURCHASES } from './run.ts';

export const options = optionsWith({ ...PURCHASES, seatwire_rejoin_ms: ['p(95)<5000'] });

const among = actors(0.5);
const BUYS = 0.25;
const BREAKS = 0.05;

export default () =>
  play(async (buyer) => {
    if (buyer.socket >= among) return;
    await atRate(among, async () => {
      const dice = Math.random();
      if (dice < BREAKS) await buyer.reconnect();
      else if (dice < BREAKS + BUYS && !buyer.full) await purchase(buyer);
      else await thinkAgain(buyer, 300);
    });
  });
