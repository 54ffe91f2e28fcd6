/**
 * Turns drawn sections into a chart: orders them best first, hands out dense places row by row, and fits the page.
 * What is drawn here is bare geometry; everything about places and their order is decided in this one spot.
 */
import {
  type Category,
  type Chart,
  type ChartId,
  type Point,
  type Run,
  type Section,
  seatPoint,
} from '@seatwire/protocol';

/** A run before it has places. Rows are given front to back, runs of a row in walking order. */
export interface DrawnRun {
  readonly label: string;
  readonly count: number;
  readonly number: number;
  readonly shape: Run['shape'];
}

export interface DrawnSection {
  readonly id: string;
  readonly name: string;
  readonly kind: Section['kind'];
  readonly category: string;
  readonly floor: number;
  readonly outline: readonly Point[];
  readonly label: Point;
  /** Lower is better; equal ranks keep their order. */
  readonly rank: number;
  readonly runs: readonly DrawnRun[];
  /** General admission only: how many stand here. */
  readonly standing?: number;
}

export interface Drawing {
  readonly id: ChartId;
  readonly name: string;
  readonly categories: readonly Category[];
  readonly sections: readonly DrawnSection[];
  readonly stage: { readonly outline: readonly Point[]; readonly label: string };
  /** Blank units around everything. */
  readonly margin: number;
}

export function plan(drawing: Drawing): Chart {
  const points = [drawing.stage.outline, ...drawing.sections.map((s) => s.outline)].flat();
  const left = Math.min(...points.map((p) => p[0])) - drawing.margin;
  const top = Math.min(...points.map((p) => p[1])) - drawing.margin;
  const shift = ([x, y]: Point): Point => [tidy(x - left), tidy(y - top)];

  let next = 0;
  const sections = drawing.sections
    .toSorted((a, b) => a.rank - b.rank)
    .map((drawn): Section => {
      const first = next;
      const runs = drawn.runs.map((run): Run => {
        const at = next;
        next += run.count;
        return { label: run.label, first: at, count: run.count, number: run.number, shape: move(run.shape) };
      });
      next += drawn.standing ?? 0;
      return {
        id: drawn.id,
        name: drawn.name,
        kind: drawn.kind,
        category: drawn.category,
        floor: drawn.floor,
        outline: drawn.outline.map(shift),
        label: shift(drawn.label),
        first,
        count: next - first,
        runs,
      };
    });

  function move(shape: Run['shape']): Run['shape'] {
    if (shape.kind === 'ring') return { ...shape, centre: shift(shape.centre) };
    return { kind: 'line', from: shift(shape.from), to: shift(shape.to), bend: tidy(shape.bend) };
  }

  return {
    id: drawing.id,
    name: drawing.name,
    width: tidy(Math.max(...points.map((p) => p[0])) - left + drawing.margin),
    height: tidy(Math.max(...points.map((p) => p[1])) - top + drawing.margin),
    places: next,
    categories: [...drawing.categories],
    sections,
    stage: { outline: drawing.stage.outline.map(shift), label: drawing.stage.label },
  };
}

/** A tenth of a unit is a hundredth of a seat: finer digits would only swell the document. */
const tidy = (n: number): number => Math.round(n * 10) / 10;

/** Seats of all runs of a drawing, standing places included. */
export function placesOf(sections: readonly DrawnSection[]): number {
  return sections.reduce(
    (sum, s) => sum + (s.standing ?? 0) + s.runs.reduce((seats, run) => seats + run.count, 0),
    0,
  );
}

/** A, B, ... Z, AA, AB, ...: without I and O, which read like digits on a ticket. */
export function letters(index: number): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
  const rest = Math.floor(index / alphabet.length);
  return (rest > 0 ? letters(rest - 1) : '') + alphabet[index % alphabet.length];
}

/** A rectangle with its corners cut. */
export function box(x: number, y: number, width: number, height: number, cut = 0): Point[] {
  if (cut === 0)
    return [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
  const [r, b] = [x + width, y + height];
  return [
    [x + cut, y],
    [r - cut, y],
    [r, y + cut],
    [r, b - cut],
    [r - cut, b],
    [x + cut, b],
    [x, b - cut],
    [x, y + cut],
  ];
}

/** Around rows given front to back (several runs may make one row), `pad` units away; for rows that run roughly left to right. */
export function around(rows: readonly (readonly DrawnRun[])[], pad: number): Point[] {
  const edge = (row: readonly DrawnRun[], dy: number): Point[] => {
    const seats = row.flatMap((run) =>
      Array.from({ length: run.count }, (_, i) => seatPoint({ ...run, first: 0 }, i)),
    );
    const stride = Math.max(1, Math.floor(seats.length / 12));
    const kept = seats.filter((_, i) => i % stride === 0 || i === seats.length - 1);
    return kept.map(([x, y], i) => [x + (i === 0 ? -pad - 3 : i === kept.length - 1 ? pad + 3 : 0), y + dy]);
  };
  return [...edge(rows[0]!, -pad), ...edge(rows.at(-1)!, pad).reverse()];
}
