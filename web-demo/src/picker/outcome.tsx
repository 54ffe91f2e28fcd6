/** What became of a payment: not known yet, tickets, or none. */

import { useStore } from '../frame/use-store.ts';
import { placeLabel } from '../seat-map/layout.ts';
import { formatMoney } from '../words/format.ts';
import { countSeats } from '../words/seats.ts';
import type { PanelProps } from './panel-props.ts';
import { Places } from './places.tsx';

export function Confirming({ layout, sale }: PanelProps) {
  const { purchases } = useStore(sale.state);
  const free = purchases.every(({ prices }) => prices.every((price) => price === 0));
  return (
    <section class="stack" aria-live="polite">
      <h2>
        <span class="spinner" /> Confirming your tickets
      </h2>
      <p class="quiet">
        {!free && 'The payment is reserved. '}This takes a moment; you may stay or leave, nothing gets lost.
      </p>
      {purchases.map((purchase) => (
        <Places key={purchase.order} layout={layout} of={purchase} />
      ))}
    </section>
  );
}

export function Confirmed({ event, layout, sale }: PanelProps) {
  const { purchases, selection } = useStore(sale.state);
  const lost = purchases.filter(({ status }) => status === 'rejected');
  return (
    <section class="stack" aria-live="polite" data-testid="confirmed">
      <h2>They are yours</h2>
      <p class="quiet">Confirmed, and kept in your account.</p>
      <ul class="tickets">
        {purchases
          .filter(({ status }) => status === 'confirmed')
          .flatMap(({ places, prices, currency }) =>
            places.map((place, i) => (
              <li class="ticket" key={place} data-testid="ticket" data-place={place}>
                <div>
                  <p class="strong">{placeLabel(layout.chart, place)}</p>
                  <p class="small quiet">{event.title}</p>
                </div>
                <span class="number">{formatMoney(prices[i] ?? 0, currency)}</span>
              </li>
            )),
          )}
      </ul>
      {lost.length > 0 && (
        <>
          <p class="note bad" role="alert">
            These could not be sold any more, and nothing is charged for them:
          </p>
          {lost.map((purchase) => (
            <Places key={purchase.order} layout={layout} of={purchase} />
          ))}
        </>
      )}
      {selection.length > 0 && (
        <p class="note warn" data-testid="picked-only">
          {countSeats(layout, selection)} you picked besides {selection.length === 1 ? 'is' : 'are'} not held,
          and not bought.
        </p>
      )}
      <a class="button primary wide" href="/orders">
        My tickets
      </a>
      <button type="button" class="button wide" onClick={() => sale.again()}>
        {selection.length > 0 ? 'Back to what you picked' : 'Choose more seats'}
      </button>
    </section>
  );
}

export function Rejected({ sale }: PanelProps) {
  return (
    <section class="stack" role="alert">
      <h2>These seats could not be sold</h2>
      <p class="note bad">Somebody else had bought them first. Nothing is charged.</p>
      <button type="button" class="button primary wide" onClick={() => sale.again()}>
        Choose other seats
      </button>
    </section>
  );
}
