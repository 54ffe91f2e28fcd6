import type { EventDetail, Section } from '@seatwire/protocol';
import { useState } from 'preact/hooks';
import type { LiveRoom } from '../connection/live.ts';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import type { Layout } from '../seat-map/layout.ts';
import { formatMoney, plural } from '../words/format.ts';
import { asBuyer } from './as-buyer.ts';
import { useHoldBarred } from './hold-barred.ts';
import { priceOf } from './prices.ts';
import { Stepper } from './stepper.tsx';
import { useMap } from './use-map.ts';

/** General admission: not a seat but a number of them. */
export function StandingForm(props: {
  section: Section;
  event: EventDetail;
  layout: Layout;
  room: LiveRoom;
  sale: Sale;
  onDone: () => void;
}) {
  const { section, event, layout, room, sale } = props;
  useMap(room);
  const free = room.freeIn(section);
  const { activity } = useStore(sale.state);
  const barred = useHoldBarred(event);
  const [count, setCount] = useState(2);
  const [held, setHeld] = useState(0);
  const price = priceOf(event, layout, section.first);
  const most = Math.min(sale.maxPerHold, free);
  const wanted = Math.min(count, most);
  const hold = async () => {
    const before = new Set(sale.state.get().holds.map((one) => one.hold));
    await sale.holdBest({ count: wanted, area: section.id, category: null, together: false });
    const made = sale.state.get().holds.find((one) => !before.has(one.hold));
    // What did not work is said in the panel.
    if (made) setHeld(made.places.length);
    else props.onDone();
  };
  // It stays where it was: a second click of the same hand holds no more, and opens nothing anew.
  if (held > 0) {
    return (
      <div class="standing" data-testid="standing-held">
        <p class="strong">{section.name}</p>
        <p class="small quiet">{plural(held, 'place')} held for you.</p>
        <button type="button" class="button compact" onClick={props.onDone}>
          OK
        </button>
      </div>
    );
  }
  return (
    <div class="standing" data-testid="standing">
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
            onClick={() => asBuyer(hold)}
          >
            {activity === 'best' && <span class="spinner" />}
            Hold {wanted} · {formatMoney(price * wanted, event.currency)}
          </button>
        </div>
      )}
      {barred && <p class="small">{barred}</p>}
    </div>
  );
}
