/** The same as browse, while the harness keeps sockets open that ask for whole maps and read none of them (`stalled-readers.ts`). */
import { actors, atRate, play, thinkAgain } from './play.ts';
import { optionsWith } from './run.ts';

export const options = optionsWith({ seatwire_resyncs: ['count==0'] });

const among = actors(2);

export default () =>
  play(async (buyer) => {
    if (buyer.socket < among) await atRate(among, () => thinkAgain(buyer, 200));
  });
