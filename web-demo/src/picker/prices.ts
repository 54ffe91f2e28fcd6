import type { EventDetail } from '@seatwire/protocol';
import type { Layout } from '../seat-map/layout.ts';

/** Price of a place, minor units; 0 when its category has none (it is then not on sale either). */
export function priceOf(event: EventDetail, layout: Layout, place: number): number {
  const category = layout.chart.categories[layout.categoryOf[place]!];
  return event.prices.find((price) => price.category === category?.key)?.amount ?? 0;
}

export function totalOf(event: EventDetail, layout: Layout, places: readonly number[]): number {
  return places.reduce((sum, place) => sum + priceOf(event, layout, place), 0);
}
