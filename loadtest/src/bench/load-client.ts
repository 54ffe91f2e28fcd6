/** What the load client itself can do, on a server that does nothing but answer: the ceiling of every other figure here. */
import type { Bench } from './finding.ts';
import { startPeer } from './peer.ts';
import { runLoad } from './run-load.ts';
import { slowProxy } from './slow-proxy.ts';
import { median, spread } from './spread.ts';

const BUYERS = 64;
const MEASURED_AT_MOST = 10_000;

export const loadClient: Bench = {
  name: 'load-client',
  about: 'commands a second of the load client on a server that echoes them',
  async run({ quick, hinderMs, say }) {
    const rates: number[] = [];
    const shares: number[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const nobody = { redisUrl: '', databaseUrl: '', events: [], places: 0 };
      const server = await startPeer('no-op', nobody);
      const proxy = hinderMs > 0 ? await slowProxy(server.url, hinderMs) : null;
      try {
        const outcome = await runLoad(
          {
            dialect: 'echo',
            urls: [(proxy ?? server).url],
            pids: [server.pid],
            tokens: Array.from({ length: BUYERS }, () => null),
          },
          {
            events: ['019aa000-0000-7000-8000-000000000000'],
            places: 1e9,
            placesPerHold: 2,
            viewers: 0,
            pace: { depth: 16 },
            warmUpMs: 500,
            windowMs: quick ? 1000 : 2000,
          },
        );
        rates.push(outcome.grantedPerSecond);
        shares.push(outcome.cpu.buyers);
      } finally {
        await proxy?.stop();
        await server.stop();
      }
    }
    const rate = median(rates);
    say(`the load client: ${Math.round(rate)} commands/s`);
    return [
      {
        goal: null,
        what: 'the load client on a server that echoes',
        figure: `${Math.round(rate)} commands/s at ${Math.round(median(shares) * 100)}% of a core`,
        calibration: `the goal of ${MEASURED_AT_MOST} holds/s`,
        ratio: rate / MEASURED_AT_MOST,
        wanted: 3,
        // Far under what a busy machine does, far over what 1,024 commands do that wait half a second each.
        collapse: 0.5,
        runs: rates.length,
        spread: spread(rates),
      },
    ];
  },
};
