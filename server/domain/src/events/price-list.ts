/** What each place of an event costs, and the stretches best available looks through, best first. */
import type { Chart, EventDetail } from '@seatwire/protocol';
import type { Stretch } from '@seatwire/store';

export interface PriceList {
  /** The revision these prices are of: a hold priced by an older one is refused with `price_changed`. */
  readonly revision: number;
  readonly currency: string;
  readonly places: number;
  /** Null when the chart has no such place. */
  priceOf(place: number): number | null;
  /** Best first. Empty when no section or category matches. `area` is a section's id, `category` a category's key. */
  stretches(area: string | null, category: string | null): readonly Stretch[];
}

/** Null when a category of the chart has no price: the event cannot be sold. */
export function priceList(detail: EventDetail, chart: Chart, revision: number): PriceList | null {
  const byCategory = new Map(detail.prices.map((price) => [price.category, price.amount]));
  const sections: { id: string; category: string; stretch: Stretch }[] = [];
  for (const section of chart.sections) {
    const price = byCategory.get(section.category);
    if (price === undefined) return null;
    const stretch = { first: section.first, count: section.count, price };
    sections.push({ id: section.id, category: section.category, stretch });
  }
  const ascending = sections.map((section) => section.stretch).sort((a, b) => a.first - b.first);

  return {
    revision,
    currency: detail.currency,
    places: chart.places,
    priceOf(place) {
      let low = 0;
      let high = ascending.length - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const stretch = ascending[middle]!;
        if (place < stretch.first) high = middle - 1;
        else if (place >= stretch.first + stretch.count) low = middle + 1;
        else return stretch.price;
      }
      return null;
    },
    stretches(area, category) {
      return sections
        .filter((s) => (area === null || s.id === area) && (category === null || s.category === category))
        .map((s) => s.stretch);
    },
  };
}
