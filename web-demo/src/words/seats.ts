/** What is counted has the name it has on the map: seats, and places only where people stand. */

import type { Layout } from '../seat-map/layout.ts';
import { plural } from './format.ts';

type Sections = Pick<Layout, 'sectionOf'> & { readonly chart: Pick<Layout['chart'], 'sections'> };

const stands = (layout: Sections, place: number): boolean =>
  layout.chart.sections[layout.sectionOf[place]!]?.kind === 'ga';

/** "3 seats", "2 standing places", "3 seats and 2 standing places". */
export function countSeats(layout: Sections, places: readonly number[]): string {
  const standing = places.filter((place) => stands(layout, place)).length;
  const seats = places.length - standing;
  const parts = [];
  if (seats > 0 || standing === 0) parts.push(plural(seats, 'seat'));
  if (standing > 0) parts.push(plural(standing, 'standing place'));
  return parts.join(' and ');
}

/** "Row 3 · Seat 14, Row 3 · Seat 15 and 4 more": names a few of them, standing places together. `label`: of one place. */
export function nameSeats(
  layout: Sections,
  places: readonly number[],
  label: (place: number) => string,
  most = 4,
): string {
  const seats = places.filter((place) => !stands(layout, place));
  const standing = new Map<string, number>();
  for (const place of places.filter((one) => stands(layout, one)))
    standing.set(label(place), (standing.get(label(place)) ?? 0) + 1);
  const names = [
    ...seats.map(label),
    ...[...standing].map(([name, count]) => `${plural(count, 'standing place')} (${name})`),
  ];
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}
