/**
 * Granted holds a second, all of the way: the command over a socket, the store, the change to 1,000 viewers, the answer. Against three
 * peers over the same stores, by the same client, in turn, so that a busy machine is as busy for each.
 */
import type { Bench, Finding, Surroundings } from './finding.ts';
import type { PeerName } from './peer.ts';
import { type LoadOutcome, type LoadWish, runLoad } from './run-load.ts';
import { freshEvents, ours, PEERS, peer } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * A rush: a thousand buyers, each with one command on its way. Not few with many: a buyer's own record grows with the holds it has, and
 * 64 buyers with hundreds each cost Redis twice as much a hold as buyers do who have a few.
 */
const BUYERS = 1_000;
/**
 * Of a peer that tells 1,000 viewers of 100 holds a second, a thousand commands at once would be answered after 10 s: so many on
 * their way as it does best with.
 */
const BUYERS_OF: Partial<Record<PeerName | 'seatwire', number>> = {
  'http-set-nx': 64,
  'http-for-update': 64,
};
const PLACES = 200_000;
const VIEWERS = 1_000;
const TEN = 10;

type Rates = Map<PeerName | 'seatwire', LoadOutcome[]>;

export const endToEnd: Bench = {
  name: 'end-to-end',
  about: 'granted holds a second with 1,000 viewers, against three peers; one event and ten',
  async run(around) {
    const rounds = around.quick ? 2 : 5;
    const stage = await openStage({
      buyers: BUYERS,
      halls: [{ events: rounds + (around.quick ? 0 : 3 * TEN), rows: PLACES / 50, seatsPerRow: 50 }],
    });
    try {
      const halls = [...stage.events[0]!];
      const one = await compare(
        stage,
        around,
        around.quick ? ['uws-set-nx'] : PEERS,
        Array.from({ length: rounds }, () => [halls.pop()!]),
      );
      const findings = judge(around, one, '1 event', [
        ['http-set-nx', 50],
        ['uws-set-nx', 4],
        ['http-for-update', 40],
      ]);
      if (around.quick) return findings;
      const ten = await compare(
        stage,
        around,
        ['http-set-nx', 'uws-set-nx'],
        Array.from({ length: 3 }, () => halls.splice(0, TEN)),
      );
      return [
        ...findings,
        ...judge(around, ten, '10 events', [
          ['http-set-nx', 20],
          ['uws-set-nx', 4],
        ]),
      ];
    } finally {
      await stage.stop();
    }
  },
};

async function compare(
  stage: Stage,
  { quick, hinderMs, say }: Surroundings,
  peers: readonly PeerName[],
  rounds: readonly (readonly string[])[],
): Promise<Rates> {
  const rates: Rates = new Map();
  const wish = (name: PeerName | 'seatwire', events: readonly string[]): LoadWish => ({
    events,
    places: PLACES,
    placesPerHold: 2,
    viewers: quick ? 200 : VIEWERS,
    pace: { depth: 1 },
    mayRefuse: 0.05,
    warmUpMs: name.startsWith('http') ? 2000 : 1000,
    windowMs: quick ? 2000 : name.startsWith('http') ? 6000 : 4000,
  });
  for (const events of rounds) {
    for (const name of ['seatwire', ...peers] as const) {
      const own = name === 'seatwire' ? events : freshEvents(events.length);
      const service =
        name === 'seatwire' ? await ours(stage, hinderMs) : await peer(name, stage, own, 20_000);
      try {
        const outcome = await runLoad(
          { ...service, tokens: service.tokens.slice(0, quick ? 200 : (BUYERS_OF[name] ?? BUYERS)) },
          wish(name, own),
        );
        rates.set(name, [...(rates.get(name) ?? []), outcome]);
        const { service: server, buyers, viewers } = outcome.cpu;
        say(
          `${name}, ${own.length} event(s): ${Math.round(outcome.grantedPerSecond)} holds/s, ` +
            `${Math.round(outcome.framesPerSecond)} frames/s; CPU of a core: server ${share(server)}, buyers ${share(buyers)}, viewers ${share(viewers)}`,
        );
      } finally {
        await service.stop();
      }
    }
  }
  return rates;
}

const share = (cpu: number): string => `${Math.round(cpu * 100)}%`;

function judge(
  { quick }: Surroundings,
  rates: Rates,
  where: string,
  wanted: readonly (readonly [PeerName, number])[],
): Finding[] {
  const of = (name: PeerName | 'seatwire') =>
    (rates.get(name) ?? []).map(({ grantedPerSecond }) => grantedPerSecond);
  const mine = of('seatwire');
  const rate = median(mine);
  const runs = { runs: mine.length, spread: spread(mine) };
  const perSecond = (value: number) => `${value >= 100 ? Math.round(value) : value.toFixed(1)} holds/s`;
  const absolute: Finding = {
    goal: where === '1 event' ? '4' : null,
    what: `granted holds, ${where}, ${quick ? 200 : VIEWERS} viewers, 2 places each`,
    figure: perSecond(rate),
    calibration: 'a goal of 10,000/s',
    ratio: rate / 10_000,
    wanted: quick || where !== '1 event' ? 0 : 1,
    collapse: 0,
    ...runs,
  };
  const besides = wanted
    .filter(([name]) => rates.has(name))
    .map(([name, times]): Finding => {
      const theirs = median(of(name));
      // Round by round: both had the machine as it was in that minute.
      const ratios = of(name).map((one, i) => mine[i]! / one);
      return {
        goal: '4',
        what: `the same against ${name}, ${where}`,
        figure: perSecond(rate),
        calibration: perSecond(theirs),
        ratio: median(ratios),
        wanted: quick ? 0 : times,
        // With 200 viewers the peer has a fifth of the work.
        collapse: quick ? 0.3 : times / 10,
        runs: ratios.length,
        spread: spread(ratios),
      };
    });
  return [absolute, ...besides];
}
