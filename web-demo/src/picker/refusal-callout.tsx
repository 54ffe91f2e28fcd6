import type { LiveRoom } from '../connection/live.ts';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import { phaseOf, type Refusal } from '../sale/sale-state.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import { isGoodNews } from '../words/refusals.ts';
import { asBuyer } from './as-buyer.ts';
import { type MapNow, sayAtSeat } from './said-at-seat.ts';
import { useMap } from './use-map.ts';

/** So many seats are named; of more it is said how many. */
const NAMED = 4;

/** What went wrong, said at the seat, with the way on. */
export function RefusalCallout(props: { refusal: Refusal; layout: Layout; room: LiveRoom; sale: Sale }) {
  const { refusal, layout, room, sale } = props;
  const state = useStore(sale.state);
  useMap(room);
  const choosing = ['choosing', 'held'].includes(phaseOf(state));
  const now: MapNow = {
    layout,
    codeOf: room.codeOf,
    selection: state.selection,
    known: state.known,
    choosing,
  };
  const { text, offer } = sayAtSeat(refusal, now);
  const { code, places } = refusal;
  const take = () => {
    // The map may have changed since this was drawn.
    const { offer: still } = sayAtSeat(refusal, now);
    if (still === null) return;
    if (still.kind === 'pick') return sale.toggle(still.places[0]!);
    sale.choose(still.places);
    asBuyer(() => sale.hold());
  };
  return (
    <div class={isGoodNews(code) ? 'refusal good' : 'refusal'} data-testid="refusal" data-code={code}>
      {places.slice(0, NAMED).map((place) => (
        <p class="small quiet" key={place}>
          {placeLabel(layout.chart, place)}
        </p>
      ))}
      {places.length > NAMED && <p class="small quiet">and {places.length - NAMED} more</p>}
      <p>{text}</p>
      <div class="actions">
        {offer !== null && (
          <button type="button" class="button primary compact" data-testid="offer" onClick={take}>
            {offer.text}
          </button>
        )}
        <button type="button" class="button compact" onClick={() => sale.dismiss()}>
          OK
        </button>
      </div>
    </div>
  );
}
