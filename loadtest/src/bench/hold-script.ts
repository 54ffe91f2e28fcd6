/** What a hold costs Redis, every rule on: `server/store`'s own benchmark, read here for the table. */
import { join } from 'node:path';
import { PROJECT } from '../config.ts';
import { outputOf } from './built-program.ts';
import type { Bench } from './finding.ts';

const PROGRAM = join(PROJECT, 'server', 'store', 'dist', 'seats', 'hold.bench.js');
const WITHIN_MS = 180_000;
/** `hold of 2 places  11.0 us in the script, 12.3 us of Redis CPU (81300/s on one core), 1/8.1 of SET NX (1.5 us); ...` */
const LINE =
  /^hold of 2 places +([\d.]+) us in the script, ([\d.]+) us of Redis CPU \((\d+)\/s on one core\), 1\/([\d.]+) of SET NX \(([\d.]+) us\)/m;
const WANTED_PER_SECOND = 80_000;
/** "At least 1/9 of SET NX in the same run." */
const SET_NX_MOST = 9;

export const holdScript: Bench = {
  name: 'hold-script',
  about: 'Redis CPU of a hold of two places, all rules on, against SET NX',
  async run({ quick, say }) {
    const out = await outputOf([PROGRAM, ...(quick ? ['--quick'] : [])], WITHIN_MS);
    say(out.trim());
    const found = LINE.exec(out);
    if (!found) throw new Error(`the hold benchmark printed something else:\n${out}`);
    const [script, cpu, perSecond, times, setNx] = found.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const rest = { collapse: 0.2, runs: quick ? 3 : 7, spread: 0 };
    return [
      {
        goal: '3',
        what: 'a hold of 2 places on one Redis core',
        figure: `${cpu} us of Redis CPU, ${script} us in the script`,
        calibration: `SET NX ${setNx} us; a goal of 1/${SET_NX_MOST} of its rate`,
        ratio: SET_NX_MOST / times,
        wanted: quick ? 0 : 1,
        ...rest,
      },
      {
        goal: '3',
        what: 'holds of 2 places a second on one Redis core',
        figure: `${perSecond}/s`,
        calibration: `a goal of ${WANTED_PER_SECOND}/s`,
        ratio: perSecond / WANTED_PER_SECOND,
        wanted: quick ? 0 : 1,
        ...rest,
        collapse: 0,
      },
    ];
  },
};
