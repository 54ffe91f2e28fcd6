import { useState } from 'preact/hooks';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import { earliestEnd, type Hold } from '../sale/sale-state.ts';
import type { Layout } from '../seat-map/layout.ts';
import { formatMoney } from '../words/format.ts';
import { countSeats } from '../words/seats.ts';
import { CardChoice } from './card-choice.tsx';
import { ControlNote } from './control-note.tsx';
import { useTimeLeft } from './countdown.tsx';
import { HoldClock } from './hold-clock.tsx';
import type { PanelProps } from './panel-props.ts';
import { Places } from './places.tsx';
import { Selection } from './selection.tsx';
import { useAlive } from './use-alive.ts';

/** The basket: all that is held, how long still, what it costs, and paying for it. */
export function Checkout({ event, layout, sale }: PanelProps) {
  const { holds, purchases, paidBefore, selection, activity, refusal } = useStore(sale.state);
  const [card, setCard] = useState<string | null>(null);
  const left = useTimeLeft(earliestEnd(holds) ?? 0);
  const alive = useAlive(holds).flatMap((hold) => hold.places);
  const paying = activity === 'pay';
  // While a basket is paid hold by hold, it stays whole on the page.
  const bought = purchases.slice(paying ? paidBefore : 0).filter(({ status }) => status !== 'rejected');
  const paid = paying ? bought.flatMap(({ prices }) => prices).reduce((sum, price) => sum + price, 0) : 0;
  const amount = holds.reduce((sum, hold) => sum + hold.amount, paid);
  const free = amount === 0;
  const places = holds.flatMap((hold) => hold.places);
  return (
    <section class="stack checkout">
      <Selection event={event} layout={layout} sale={sale} adds />
      {alive.length > 0 ? (
        <div>
          <h2>Held for you</h2>
          <p class="quiet small">{countSeats(layout, alive)}, nobody else can take them meanwhile.</p>
        </div>
      ) : (
        <div data-testid="time-is-up">
          <h2>The time is up</h2>
          <p class="quiet small">{countSeats(layout, places)}, held for you until now.</p>
        </div>
      )}
      {bought.map((purchase) => (
        <div class="hold-part" key={purchase.order} data-testid="paid-part">
          <Places layout={layout} of={purchase} />
          <p class="small quiet">Paid.</p>
        </div>
      ))}
      {holds.map((hold) => (
        <HoldPart key={hold.hold} layout={layout} sale={sale} hold={hold} alone={holds.length === 1} />
      ))}
      <p class="total">
        <span>Total</span>
        <span class="number" data-testid="total">
          {formatMoney(amount, event.currency)}
        </span>
      </p>
      <ControlNote sale={sale} at="release" />
      <button
        type="button"
        class="button plain"
        disabled={activity !== null || alive.length === 0}
        onClick={() => sale.release()}
        data-testid="release-button"
      >
        {activity === 'release' && <span class="spinner" />}
        Give {countSeats(layout, places)} back
      </button>
      {!free && (
        <CardChoice
          chosen={card}
          onChoose={setCard}
          bad={refusal?.at === 'pay' ? refusal.method : null}
          disabled={activity !== null}
        />
      )}
      <div class="pay">
        <HoldClock event={event} sale={sale} />
        {selection.length > 0 && (
          <p class="small quiet" data-testid="not-paid-for">
            {countSeats(layout, selection)} you picked {selection.length === 1 ? 'is' : 'are'} not held yet,
            and not paid for with this.
          </p>
        )}
        <ControlNote sale={sale} at="pay" focus />
        <button
          type="button"
          class="button primary wide"
          data-testid="pay-button"
          disabled={activity !== null || (!free && card === null) || left <= 0}
          onClick={() => sale.pay(free ? null : card)}
        >
          {paying && <span class="spinner" />}
          {free ? (
            `${paying ? 'Getting' : 'Get'} tickets`
          ) : (
            <>
              {paying ? 'Paying' : 'Pay'} <span class="number">{formatMoney(amount, event.currency)}</span>
            </>
          )}
        </button>
      </div>
    </section>
  );
}

/** One hold of the basket. Those made one by one can be given back one by one. */
function HoldPart(props: { layout: Layout; sale: Sale; hold: Hold; alone: boolean }) {
  const { layout, sale, hold, alone } = props;
  const { activity } = useStore(sale.state);
  const count = countSeats(layout, hold.places);
  return (
    <div class="hold-part" data-testid="hold-part">
      <Places layout={layout} of={hold} />
      {hold.paying && !hold.paidHere && !hold.awaited && (
        <p class="small quiet">Being paid for in another window, as far as we know.</p>
      )}
      {!alone && (
        <button
          type="button"
          class="button plain compact"
          disabled={activity !== null}
          onClick={() => sale.release(hold.hold)}
        >
          Give {hold.places.length === 1 ? 'this seat' : `these ${count}`} back
        </button>
      )}
    </div>
  );
}
