/** From hold to `confirmed`, one place after another, at a steady rate shared by all sockets. */
import { atRate, play, purchase } from './play.ts';
import { optionsWith, PURCHASES, run } from './run.ts';

export const options = optionsWith(PURCHASES);

export default () =>
  play((buyer) =>
    atRate(run.sockets, async () => {
      if (!buyer.full) await purchase(buyer);
    }),
  );
