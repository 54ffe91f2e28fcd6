/** A room's publish beside a plain loop of sends over the same sockets, one change at a time. */
import type { Bench, Finding } from './finding.ts';
import { type Publishing, publishingTo } from './publishing.ts';
import { median, spread } from './spread.ts';

const perCpuSecond = ({ deliveries, cpuUs }: Publishing['send']) => (deliveries * 1e6) / cpuUs;

export const fanOut: Bench = {
  name: 'fan-out',
  about: 'a room’s publish against a plain loop of sends, 1,000 and 5,000 sockets',
  async run({ quick, say }) {
    const findings: Finding[] = [];
    for (const [sockets, wanted] of quick
      ? [[1_000, 0] as const]
      : ([
          [1_000, 0.85],
          [5_000, 0.75],
        ] as const)) {
      const rounds = await publishingTo(sockets, quick ? 3 : 7, quick ? 400 : 1000);
      const ratios = rounds.map(({ publish, send }) => perCpuSecond(publish) / perCpuSecond(send));
      const mine = median(rounds.map(({ publish }) => perCpuSecond(publish)));
      const plain = median(rounds.map(({ send }) => perCpuSecond(send)));
      say(`${sockets} sockets: publish ${us(mine)}, send ${us(plain)} a delivery`);
      findings.push({
        goal: '1',
        what: `a room's publish to ${sockets.toLocaleString('en')} sockets`,
        figure: `${us(mine)} of CPU a delivery, ${Math.round(mine / 1000)}k/s`,
        calibration: `a loop of sends: ${us(plain)}, ${Math.round(plain / 1000)}k/s`,
        ratio: median(ratios),
        wanted,
        collapse: 0.3,
        runs: ratios.length,
        spread: spread(ratios),
      });
    }
    return findings;
  },
};

const us = (perSecond: number): string => `${(1e6 / perSecond).toFixed(1)} us`;
