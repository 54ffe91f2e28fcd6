/** What a hold costs Redis, every rule on: `server/store`'s own benchmark, read here for the table. */
import { join } from 'node:path';
import { PROJECT } from '../config.ts';
import { outputOf } from './built-program.ts';
import type { Bench, Finding } from './finding.ts';

const PROGRAM = join(PROJECT, 'server', 'store', 'dist', 'seats', 'hold.bench.js');
const WITHIN_MS = 300_000;
/** `hold of 2 places, 8 a call  11.0 us in the script, 12.3 us of Redis CPU (81300/s on one core), 1/8.1 of SET NX (1.5 us); ...` */
const LINE =
  /^(hold of 2 places(?:, (\d+) a call)?) +([\d.]+) us in the script, ([\d.]+) us of Redis CPU \((\d+)\/s on one core\), 1\/([\d.]+) of SET NX \(([\d.]+) us\)/gm;
/** Of SET NX in the same run: 16.5 us alone and 10 us in a group on a machine where SET NX takes 1.5. */
const SET_NX_MOST = 11;
const SET_NX_MOST_IN_GROUPS = 6.7;
const WANTED_PER_SECOND = 100_000;

export const holdScript: Bench = {
  name: 'hold-script',
  about: 'Redis CPU of a hold of two places, alone and in groups, all rules on, against SET NX',
  async run({ quick, say }) {
    const out = await outputOf([PROGRAM, ...(quick ? ['--quick'] : [])], WITHIN_MS);
    say(out.trim());
    const found = [...out.matchAll(LINE)];
    if (found.length < 4) throw new Error(`the hold benchmark printed something else:\n${out}`);
    return found.flatMap((line): Finding[] => {
      const [what, together, script, cpu, perSecond, times, setNx] = line.slice(1) as string[];
      const most = together ? SET_NX_MOST_IN_GROUPS : SET_NX_MOST;
      const rest = { goal: '3', runs: quick ? 3 : 7, spread: 0 };
      const cost: Finding = {
        what: `a ${what}`,
        figure: `${cpu} us of Redis CPU, ${script} us in the script`,
        calibration: `SET NX ${setNx} us; a goal of ${most} of it`,
        ratio: most / Number(times),
        wanted: quick ? 0 : 1,
        collapse: 0.2,
        ...rest,
      };
      if (together !== '16') return [cost];
      return [
        cost,
        {
          what: 'holds of 2 places a second on one Redis core, in groups',
          figure: `${perSecond}/s`,
          calibration: `a goal of ${WANTED_PER_SECOND}/s`,
          ratio: Number(perSecond) / WANTED_PER_SECOND,
          wanted: quick ? 0 : 1,
          collapse: 0,
          ...rest,
        },
      ];
    });
  },
};
