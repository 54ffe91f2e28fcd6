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
