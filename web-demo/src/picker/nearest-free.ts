import type { Layout } from '../seat-map/layout.ts';

/** The free seat nearest to a place, of the same section and so of the same price; null when the section has none. */
export function nearestFree(
  layout: Layout,
  place: number,
  isFree: (place: number) => boolean,
): number | null {
  const section = layout.chart.sections[layout.sectionOf[place]!]!;
  const x = layout.x[place]!;
  const y = layout.y[place]!;
  let best: number | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let other = section.first; other < section.first + section.count; other++) {
    if (other === place || !isFree(other)) continue;
    const distance = Math.hypot(layout.x[other]! - x, layout.y[other]! - y);
    if (distance < bestDistance) {
      best = other;
      bestDistance = distance;
    }
  }
  return best;
}
