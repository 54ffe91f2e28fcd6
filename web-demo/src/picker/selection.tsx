import type { EventDetail } from '@seatwire/protocol';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import { formatMoney, plural } from '../words/format.ts';
import { asBuyer } from './as-buyer.ts';
import { ControlNote } from './control-note.tsx';
import { useHoldBarred } from './hold-barred.ts';
import { priceOf, totalOf } from './prices.ts';

/** What is picked on the map, and the button that makes it the buyer's for a while. `adds`: to seats that are held already. */
export function Selection(props: { event: EventDetail; layout: Layout; sale: Sale; adds?: boolean }) {
  const { event, layout, sale, adds = false } = props;
  const { selection, activity } = useStore(sale.state);
  const barred = useHoldBarred(event);
  const asking = activity === 'hold';
  if (selection.length === 0) {
    return (
      <section class="hint">
        {adds ? (
          <p class="quiet small">Pick more seats on the map to add them.</p>
        ) : (
          <>
            <h2>Pick seats on the map</h2>
            <p class="quiet small">
              Zoom in, then choose the seats you want. Or let us find the best ones below.
            </p>
          </>
        )}
        <ControlNote sale={sale} at="hold" />
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
      <ControlNote sale={sale} at="hold" />
      {barred && (
        <p class="small" id="hold-barred" data-testid="hold-barred">
          {barred}
        </p>
      )}
      <button
        type="button"
        class="button primary wide"
        data-testid="hold-button"
        disabled={activity !== null || barred !== null}
        aria-describedby={barred ? 'hold-barred' : undefined}
        onClick={() => asBuyer(() => sale.hold())}
      >
        {asking && <span class="spinner" />}
        Hold {plural(selection.length, 'seat')} ·{' '}
        <span class="number">{formatMoney(totalOf(event, layout, selection), event.currency)}</span>
      </button>
    </section>
  );
}
