/** Who bought before the demo began: parties of one to four, side by side, more of them the better the section. Always the same ones. */
import type { Chart, Run } from '@seatwire/protocol';

export interface Party {
  /** Ascending, side by side. */
  readonly places: readonly number[];
  readonly category: string;
}

/** About `share` of the chart's places, without the sections named; no place twice. */
export function earlierSales(chart: Chart, share: number, without: readonly string[]): Party[] {
  const random = mulberry32(chart.places);
  const sections = chart.sections.filter((section) => !without.includes(section.id));
  const parties: Party[] = [];
  sections.forEach((section, rank) => {
    // Best sections first: from 1.6 times the share down to 0.4 times.
    const sold = share * (1.6 - (1.2 * rank) / Math.max(1, sections.length - 1));
    const runs: Pick<Run, 'first' | 'count'>[] = section.runs.length > 0 ? section.runs : [section];
    for (const run of runs) {
      const end = run.first + run.count;
      let place = run.first;
      while (place < end) {
        const size = Math.min(end - place, 1 + Math.floor(random() * 4));
        if (random() < sold) {
          parties.push({
            places: Array.from({ length: size }, (_, i) => place + i),
            category: section.category,
          });
        }
        place += size;
      }
    }
  });
  return parties;
}

/** A small seeded generator: enough for a picture, not for secrets. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
