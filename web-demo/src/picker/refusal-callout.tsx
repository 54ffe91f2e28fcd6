import type { LiveRoom } from '../connection/live.ts';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import { phaseOf, type Refusal } from '../sale/sale-state.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import { type BuyerCode, buyerText, isGoodNews } from '../words/refusals.ts';
import { nearestFree } from './nearest-free.ts';

/** What went wrong, said at the seat, with the way on. */
export function RefusalCallout(props: { refusal: Refusal; layout: Layout; room: LiveRoom; sale: Sale }) {
  const { refusal, layout, sale } = props;
  const place = refusal.place!;
  const state = useStore(sale.state);
  const choosing = ['choosing', 'held'].includes(phaseOf(state));
  const offer = choosing ? offerFor(refusal, props, state.selection) : null;
  const { code } = refusal;
  return (
    <div class={isGoodNews(code) ? 'refusal good' : 'refusal'} data-testid="refusal" data-code={code}>
      <p class="small quiet">{placeLabel(layout.chart, place)}</p>
      <p>{buyerText(code)}</p>
      <div class="actions">
        {offer !== null && (
          <button type="button" class="button primary compact" onClick={() => sale.toggle(offer.place)}>
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

/** A seat that helps, if there is one that surely does. */
function offerFor(
  { code, place }: Refusal,
  { room, layout }: { room: LiveRoom; layout: Layout },
  selection: readonly number[],
): { place: number; text: string } | null {
  if (place === null) return null;
  const isFree = (p: number) => room.codeOf(p) === 0 && !selection.includes(p);
  // The seat that would be left alone is itself what helps.
  if (code === 'orphan_seat') return isFree(place) ? { place, text: 'Take this seat too' } : null;
  // Beside others that are picked, the nearest of all need not be one that fits them.
  if (!ONE_GONE.has(code) || selection.length > 0) return null;
  const nearest = nearestFree(layout, place, isFree);
  return nearest === null ? null : { place: nearest, text: 'Take the nearest free seat' };
}

/** Refusals of one seat, after which another may do. */
const ONE_GONE: ReadonlySet<BuyerCode> = new Set<BuyerCode>([
  'place_taken',
  'place_blocked',
  'held_by_other',
  'held_by_somebody',
  'sold_already',
  'lost',
]);
