/** What a join costs, and how long a cold start takes. */
import { Crowd } from './client/crowd.ts';
import type { Bench } from './finding.ts';
import { cpuOf } from './process-cpu.ts';
import { median, spread } from './spread.ts';
import { openStage } from './stage.ts';

const PLACES = 50_000;
const SOCKETS = 1_000;

export const joins: Bench = {
  name: 'joins',
  about: 'CPU of a visit: connect, hello, join, a map of 50,000 places; cold start to ready',
  async run({ quick, say }) {
    const rounds = quick ? 2 : 5;
    const costs: number[] = [];
    const rates: number[] = [];
    const starts: number[] = [];
    for (let start = 0; start < (quick ? 1 : 3); start++) {
      const stage = await openStage({
        buyers: 1,
        halls: [{ events: 1, rows: PLACES / 50, seatsPerRow: 50 }],
      });
      starts.push(stage.startedInMs);
      try {
        if (start > 0) continue;
        for (let round = 0; round <= rounds; round++) {
          const before = cpuOf(stage.servers[0]!.pid);
          const crowd = await Crowd.open({
            kind: 'viewers',
            dialect: 'seatwire',
            urls: [stage.url],
            events: stage.events[0]!,
            sockets: SOCKETS,
            timing: false,
          });
          const us = ((cpuOf(stage.servers[0]!.pid) - before) * 1000) / SOCKETS;
          // The first round opens the room and warms the code.
          if (round > 0) {
            costs.push(us);
            rates.push((SOCKETS * 1000) / crowd.openedInMs);
          }
          await crowd.close();
        }
      } finally {
        await stage.stop();
      }
    }
    say(`a visit costs ${median(costs).toFixed(0)} us of the server's CPU`);
    const open = { goal: null, calibration: '', ratio: 1, wanted: 0, collapse: 0 };
    return [
      {
        ...open,
        what: 'a visit: connect, hello, join of 50,000 places',
        figure: `${median(costs).toFixed(0)} us of the server's CPU; ${Math.round(median(rates))}/s from one client`,
        runs: costs.length,
        spread: spread(costs),
      },
      {
        ...open,
        what: 'cold start of stores, server and worker to ready',
        figure: `${(median(starts) / 1000).toFixed(1)} s`,
        runs: starts.length,
        spread: spread(starts),
      },
    ];
  },
};
