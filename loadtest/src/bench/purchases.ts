/** From accepted to confirmed, and how fast the outbox drains into Postgres: the worker's own benchmark, read here for the table. */
import { join } from 'node:path';
import { PROJECT } from '../config.ts';
import { outputOf } from './built-program.ts';
import type { Bench } from './finding.ts';

const PROGRAM = join(PROJECT, 'worker', 'src', 'flush', 'flush-bench.ts');
const WITHIN_MS = 300_000;
const DRAIN = /^drain: .*: (\d+) tickets\/s/m;
const PACE = /^pace: (\d+) orders\/s for .*p50 ([\d.]+) ms, p99 ([\d.]+) ms/m;
const WANTED_TICKETS = 5_000;
const WANTED_P99_MS = 250;
const ORDERS_PER_SECOND = 1_000;

export const purchases: Bench = {
  name: 'purchases',
  about: 'tickets a second into Postgres, and accepted to confirmed at 1,000 orders a second',
  async run({ quick, say }) {
    const args = quick ? ['2000', '200', '3'] : ['10000', String(ORDERS_PER_SECOND), '10'];
    const out = await outputOf(
      ['--conditions=@seatwire/source', '--import', 'tsx', PROGRAM, ...args],
      WITHIN_MS,
    );
    say(out.trim());
    const tickets = Number(DRAIN.exec(out)?.[1]);
    const [pace, p50, p99] = (PACE.exec(out) ?? []).slice(1).map(Number);
    if (pace === undefined || p99 === undefined || !tickets)
      throw new Error(`the flush benchmark printed something else:\n${out}`);
    return [
      {
        goal: '7',
        what: 'tickets flushed into Postgres',
        figure: `${tickets}/s`,
        calibration: `a goal of ${WANTED_TICKETS}/s`,
        ratio: tickets / WANTED_TICKETS,
        wanted: quick ? 0 : 1,
        collapse: 0.05,
        runs: 1,
        spread: 0,
      },
      {
        goal: '7',
        what: `accepted to confirmed, p99, at ${pace} orders/s`,
        figure: `${p99} ms (p50 ${p50} ms)`,
        calibration: `a goal of ${WANTED_P99_MS} ms at ${ORDERS_PER_SECOND}/s`,
        // Fewer orders than asked for is not the same load.
        ratio: (WANTED_P99_MS / p99) * Math.min(1, pace / (quick ? 200 : ORDERS_PER_SECOND * 0.98)),
        wanted: quick ? 0 : 1,
        collapse: 0.02,
        runs: 1,
        spread: 0,
      },
    ];
  },
};
