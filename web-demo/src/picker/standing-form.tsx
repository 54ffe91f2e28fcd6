import type { EventDetail, Section } from '@seatwire/protocol';
import { useState } from 'preact/hooks';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import type { Layout } from '../seat-map/layout.ts';
import { formatMoney, plural } from '../words/format.ts';
import { asBuyer } from './as-buyer.ts';
import { useHoldBarred } from './hold-barred.ts';
import { priceOf } from './prices.ts';
import { Stepper } from './stepper.tsx';

/** General admission: not a seat but a number of them. */
export function StandingForm(props: {
  section: Section;
  event: EventDetail;
  layout: Layout;
  free: number;
  sale: Sale;
  onDone: () => void;
}) {
  const { section, event, layout, free, sale } = props;
  const { activity } = useStore(sale.state);
  const barred = useHoldBarred(event);
  const [count, setCount] = useState(2);
  const price = priceOf(event, layout, section.first);
  const most = Math.min(sale.maxPerHold, free);
  const wanted = Math.min(count, most);
  return (
    <div class="standing">
      <p class="strong">{section.name}</p>
      <p class="small quiet">
        {plural(free, 'place')} left, {formatMoney(price, event.currency)} each
      </p>
      {free > 0 && (
        <div class="row">
          <Stepper label="How many" value={wanted} min={1} max={most} onChange={setCount} />
          <button
            type="button"
            class="button primary compact"
            disabled={activity !== null || barred !== null}
            onClick={() => {
              props.onDone();
              asBuyer(() =>
                sale.holdBest({ count: wanted, area: section.id, category: null, together: false }),
              );
            }}
          >
            Hold {wanted} · {formatMoney(price * wanted, event.currency)}
          </button>
        </div>
      )}
      {barred && <p class="small">{barred}</p>}
    </div>
  );
}
