/** Twice every connection breaks at the same moment, and everybody comes straight back, in the middle of what they were doing. */
import type { Buyer } from './buyer.ts';
import { actors, atRate, play, thinkAgain } from './play.ts';
import { optionsWith, run, until } from './run.ts';

export const options = optionsWith({
  seatwire_rejoin_ms: ['p(95)<5000'],
  seatwire_resumed: ['count>0'],
});

const among = actors(2);
const storms = [0.25, 0.55].map((share) => run.opensAt + share * (run.closesAt - run.opensAt));

export default () =>
  play(async (buyer) => {
    const acting = buyer.socket < among ? atRate(among, () => thinkAgain(buyer, 200)) : null;
    await weather(buyer);
    await acting;
  });

async function weather(buyer: Buyer): Promise<void> {
  for (const at of storms) {
    await until(at);
    await buyer.reconnect();
  }
}
