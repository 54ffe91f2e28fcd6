/** An ordinary evening: many look on while a few hold a place, think, and let it go, at a steady rate. */
import { actors, atRate, play, thinkAgain } from './play.ts';
import { optionsWith } from './run.ts';

export const options = optionsWith();

const among = actors(2);

export default () =>
  play(async (buyer) => {
    if (buyer.socket < among) await atRate(among, () => thinkAgain(buyer, 200));
  });
