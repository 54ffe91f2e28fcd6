import type { EventDetail } from '@seatwire/protocol';
import type { LiveRoom } from '../connection/live.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import { nearestFree } from './nearest-free.ts';
import type { Refusal, Sale } from './sale.ts';

/** What went wrong, said at the seat, with the way on. */
export function RefusalCallout(props: {
  refusal: Refusal;
  event: EventDetail;
  layout: Layout;
  room: LiveRoom;
  sale: Sale;
}) {
  const { refusal, layout, room, sale } = props;
  const place = refusal.place!;
  const offer = ['place_taken', 'place_blocked', 'lost', 'orphan_seat'].includes(refusal.code)
    ? nearestFree(layout, place, (p) => room.codeOf(p) === 0 && !sale.state.get().selection.includes(p))
    : null;
  const choosing = sale.state.get().phase.kind === 'choosing';
  return (
    <div class="refusal" data-testid="refusal" data-code={refusal.code}>
      <p class="small quiet">{placeLabel(layout.chart, place)}</p>
      <p>{refusal.message}</p>
      <div class="actions">
        {offer !== null && choosing && (
          <button type="button" class="button primary compact" onClick={() => sale.toggle(offer)}>
            Take the nearest free seat
          </button>
        )}
        <button type="button" class="button compact" onClick={() => sale.dismiss()}>
          OK
        </button>
      </div>
    </div>
  );
}
