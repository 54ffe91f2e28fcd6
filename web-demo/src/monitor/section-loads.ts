import type { Chart, MapCode, Section } from '@seatwire/protocol';

export interface SectionLoad {
  readonly section: Section;
  readonly sold: number;
  readonly held: number;
}

/** How full each section is, fullest first. */
export function sectionLoads(chart: Chart, codeOf: (place: number) => MapCode): readonly SectionLoad[] {
  return chart.sections
    .map((section) => {
      let sold = 0;
      let held = 0;
      for (let place = section.first; place < section.first + section.count; place++) {
        const code = codeOf(place);
        if (code === 2) sold++;
        else if (code === 1) held++;
      }
      return { section, sold, held };
    })
    .sort((a, b) => (b.sold + b.held) / b.section.count - (a.sold + a.held) / a.section.count);
}
