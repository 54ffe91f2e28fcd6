/** One socket holds and lets go; all others only look on. How old is the change when they see it? */
import { actors, atRate, play, thinkAgain } from './play.ts';
import { optionsWith } from './run.ts';

export const options = optionsWith();

const among = actors(5);

export default () =>
  play(async (buyer) => {
    if (buyer.socket < among) await atRate(among, () => thinkAgain(buyer, 100));
  });
