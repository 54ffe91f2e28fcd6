import { type Layout, placeLabel } from '../seat-map/layout.ts';
import { formatMoney } from '../words/format.ts';

/** What a hold or a purchase has, seat by seat. */
export function Places(props: {
  layout: Layout;
  of: { readonly places: readonly number[]; readonly prices: readonly number[]; readonly currency: string };
}) {
  const { layout, of } = props;
  return (
    <ul class="places">
      {of.places.map((place, i) => (
        <li key={place}>
          <span>{placeLabel(layout.chart, place)}</span>
          <span class="number">{formatMoney(of.prices[i] ?? 0, of.currency)}</span>
        </li>
      ))}
    </ul>
  );
}
