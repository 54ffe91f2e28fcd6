/** Finds the place under a point, or the next one in a direction, without looking at all of them. */
import type { Point } from '@seatwire/protocol';
import type { Layout } from './layout.ts';

export interface HitGrid {
  /** The nearest seat within `reach` world units of (x, y), or null. */
  at(x: number, y: number, reach: number): number | null;
  /** The seat that an arrow key leads to: nearest in the direction, straying sideways counts double. Null at the rim. */
  towards(place: number, dx: -1 | 0 | 1, dy: -1 | 0 | 1): number | null;
  /** Calls `visit` for each seat in the rectangle (and a few around it). */
  within(x0: number, y0: number, x1: number, y1: number, visit: (place: number) => void): void;
}

export function hitGrid(layout: Layout): HitGrid {
  const cell = layout.radius * 8;
  const columns = Math.max(1, Math.ceil(layout.chart.width / cell));
  const rows = Math.max(1, Math.ceil(layout.chart.height / cell));
  const column = (x: number) => Math.min(columns - 1, Math.max(0, Math.floor(x / cell)));
  const row = (y: number) => Math.min(rows - 1, Math.max(0, Math.floor(y / cell)));
  const buckets: number[][] = Array.from({ length: columns * rows }, () => []);
  for (let place = 0; place < layout.x.length; place++) {
    const x = layout.x[place]!;
    if (!Number.isNaN(x)) buckets[row(layout.y[place]!) * columns + column(x)]!.push(place);
  }

  const within: HitGrid['within'] = (x0, y0, x1, y1, visit) => {
    for (let r = row(y0); r <= row(y1); r++) {
      for (let c = column(x0); c <= column(x1); c++) {
        for (const place of buckets[r * columns + c]!) visit(place);
      }
    }
  };

  return {
    within,
    at(x, y, reach) {
      let best: number | null = null;
      let bestDistance = reach;
      within(x - reach, y - reach, x + reach, y + reach, (place) => {
        const distance = Math.hypot(layout.x[place]! - x, layout.y[place]! - y);
        if (distance <= bestDistance) {
          best = place;
          bestDistance = distance;
        }
      });
      return best;
    },
    towards(place, dx, dy) {
      const x = layout.x[place]!;
      const y = layout.y[place]!;
      // Widening rings: neighbours first, then across aisles and between sections.
      for (const reach of [cell, cell * 4, Math.max(layout.chart.width, layout.chart.height)]) {
        let best: number | null = null;
        let bestCost = Number.POSITIVE_INFINITY;
        within(x - reach, y - reach, x + reach, y + reach, (other) => {
          const ox = layout.x[other]! - x;
          const oy = layout.y[other]! - y;
          const along = ox * dx + oy * dy;
          if (other === place || along <= layout.radius) return;
          const cost = along + 2 * Math.abs(ox * dy - oy * dx);
          if (cost < bestCost) {
            best = other;
            bestCost = cost;
          }
        });
        if (best !== null && bestCost <= reach * 1.5) return best;
      }
      return null;
    },
  };
}

/** Whether a polygon contains a point (even-odd rule). */
export function inside(outline: readonly Point[], x: number, y: number): boolean {
  let within = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [xi, yi] = outline[i]!;
    const [xj, yj] = outline[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}
