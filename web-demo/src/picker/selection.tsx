import type { EventDetail } from '@seatwire/protocol';
import { formatMoney, plural } from '../frame/format.ts';
import { useStore } from '../frame/use-store.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import { asBuyer } from './as-buyer.ts';
import { priceOf, totalOf } from './prices.ts';
import type { Sale } from './sale.ts';

/** What is picked on the map, and the button that makes it the buyer's for a while. */
export function Selection({ event, layout, sale }: { event: EventDetail; layout: Layout; sale: Sale }) {
  const { selection, phase } = useStore(sale.state);
  const asking = phase.kind === 'asking';
  if (selection.length === 0 && !asking) {
    return (
      <section class="hint">
        <h2>Pick seats on the map</h2>
        <p class="quiet small">Zoom in, then click the seats you want. Or let us find the best ones below.</p>
      </section>
    );
  }
  return (
    <section class="stack selection">
      <h2>{plural(selection.length, 'seat')} selected</h2>
      <ul class="places">
        {selection.map((place) => (
          <li key={place}>
            <span>{placeLabel(layout.chart, place)}</span>
            <span class="number">{formatMoney(priceOf(event, layout, place), event.currency)}</span>
            <button
              type="button"
              class="button plain compact"
              disabled={asking}
              onClick={() => sale.toggle(place)}
              aria-label={`Take out ${placeLabel(layout.chart, place)}`}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button primary wide"
        data-testid="hold-button"
        disabled={asking}
        onClick={() => asBuyer(() => sale.hold())}
      >
        {asking && <span class="spinner" />}
        Hold {plural(selection.length, 'seat')} ·{' '}
        <span class="number">{formatMoney(totalOf(event, layout, selection), event.currency)}</span>
      </button>
    </section>
  );
}
