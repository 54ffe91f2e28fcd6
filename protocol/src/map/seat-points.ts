/**
 * Where the seats of a run stand, in chart units: the one reading of `run.shape` that map painters, hit tests and chart checks share.
 *
 * A line's seats are even along its chord and pushed aside by a quadratic arc, `bend` units at the middle; positive bends to the
 * right-hand side of someone walking from `from` to `to` on the page (so a row drawn left to right sags downwards, away from a stage
 * above it). A ring's seats are even around its centre, the first at the top, clockwise. A line of one seat stands at its middle.
 */
import type { Point, Run } from '../words/chart.ts';

/** Point of the run's seat `index` (0..count-1). */
export function seatPoint(run: Run, index: number): Point {
  const { shape } = run;
  if (shape.kind === 'ring') {
    const angle = (2 * Math.PI * index) / run.count - Math.PI / 2;
    return [
      shape.centre[0] + shape.radius * Math.cos(angle),
      shape.centre[1] + shape.radius * Math.sin(angle),
    ];
  }
  const t = run.count === 1 ? 0.5 : index / (run.count - 1);
  const [x0, y0] = shape.from;
  const dx = shape.to[0] - x0;
  const dy = shape.to[1] - y0;
  const length = Math.hypot(dx, dy) || 1;
  const aside = (shape.bend * 4 * t * (1 - t)) / length;
  return [x0 + dx * t - dy * aside, y0 + dy * t + dx * aside];
}
