import { formatMoney } from '../frame/format.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import type { HoldView } from './sale.ts';

/** What a hold has, place by place. */
export function Places({ layout, hold }: { layout: Layout; hold: HoldView }) {
  return (
    <ul class="places">
      {hold.places.map((place, i) => (
        <li key={place}>
          <span>{placeLabel(layout.chart, place)}</span>
          <span class="number">{formatMoney(hold.prices[i] ?? 0, hold.currency)}</span>
        </li>
      ))}
    </ul>
  );
}
