/**
 * The seat map, drawn on canvas. Data flows one way: chart -> layout (typed arrays, once) -> painter (pixels) with a camera between;
 * a pointer goes back through the camera and the hit grid to a place. No file here knows of holds, money or sockets.
 */
import { type Chart, type Section, seatPoint } from '@seatwire/protocol';

export interface Layout {
  readonly chart: Chart;
  /** World coordinates of each place's centre. GA places have none (NaN): they are drawn as an area. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Index into chart.sections. */
  readonly sectionOf: Uint16Array;
  /** Index into chart.categories. */
  readonly categoryOf: Uint8Array;
  /** Seat number as printed; 0 for general admission. */
  readonly number: Uint16Array;
  /** World radius of a drawn seat: a bit less than half the usual distance of neighbours. */
  readonly radius: number;
}

export function layOut(chart: Chart): Layout {
  const x = new Float32Array(chart.places).fill(Number.NaN);
  const y = new Float32Array(chart.places).fill(Number.NaN);
  const sectionOf = new Uint16Array(chart.places);
  const categoryOf = new Uint8Array(chart.places);
  const categoryIndex = new Map(chart.categories.map((category, i) => [category.key, i]));
  const number = new Uint16Array(chart.places);
  const gaps: number[] = [];
  chart.sections.forEach((section, index) => {
    sectionOf.fill(index, section.first, section.first + section.count);
    categoryOf.fill(categoryIndex.get(section.category) ?? 0, section.first, section.first + section.count);
    if (section.kind === 'ga') return;
    for (const run of section.runs) {
      for (let i = 0; i < run.count; i++) {
        const [px, py] = seatPoint(run, i);
        x[run.first + i] = px;
        y[run.first + i] = py;
        number[run.first + i] = run.number + i;
      }
      if (run.count > 1)
        gaps.push(Math.hypot(x[run.first + 1]! - x[run.first]!, y[run.first + 1]! - y[run.first]!));
    }
  });
  gaps.sort((a, b) => a - b);
  // The 10th percentile, so that the densest rows do not overlap.
  const spacing = gaps[Math.floor(gaps.length / 10)] ?? 10;
  return { chart, x, y, sectionOf, categoryOf, number, radius: spacing * 0.4 };
}

/** A chart may say it itself: "Table 4" is not "Table Table 4". */
const named = (unit: string, label: string): string =>
  label.toLowerCase().startsWith(`${unit.toLowerCase()} `) ? label : `${unit} ${label}`;

/** "Section 101 · Row 3 · Seat 14", or "Floor standing" for general admission. */
export function placeLabel(chart: Chart, place: number): string {
  const section = sectionAt(chart, place);
  if (!section) return `Place ${place + 1}`;
  const run = section.runs.find((r) => place >= r.first && place < r.first + r.count);
  if (section.kind === 'ga' || !run) return section.name;
  const unit = section.kind === 'tables' ? 'Table' : 'Row';
  return `${section.name} · ${named(unit, run.label)} · Seat ${run.number + place - run.first}`;
}

export function sectionAt(chart: Chart, place: number): Section | undefined {
  return chart.sections.find((s) => place >= s.first && place < s.first + s.count);
}
