import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import type { Refusal } from '../sale/sale-state.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import { type BuyerCode, buyerText, isGoodNews } from '../words/refusals.ts';
import { nameSeats } from '../words/seats.ts';
import { STILL_WAITING } from './waiting.ts';

/** What did not work, at the control that asked for it, and what takes long. `focus`: whoever pressed the button is brought to it. */
export function ControlNote(props: {
  sale: Sale;
  at: Exclude<Refusal['at'], 'map' | 'panel'>;
  focus?: boolean;
  words?: (code: BuyerCode) => BuyerCode;
}) {
  const { sale, at, focus = false, words = (code) => code } = props;
  const { refusal, activity, slow } = useStore(sale.state);
  if (activity === at && slow) {
    return (
      <p class="note" role="status" data-testid="still-waiting">
        {STILL_WAITING[at]}
      </p>
    );
  }
  if (refusal?.at !== at) return null;
  return <RefusalNote refusal={refusal} focus={focus} text={buyerText(words(refusal.code))} />;
}

/** `layout`: names what was bought. */
export function RefusalNote(props: { refusal: Refusal; focus?: boolean; layout?: Layout; text?: string }) {
  const { refusal, focus = false, layout, text = buyerText(refusal.code) } = props;
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (focus) note.current?.focus({ preventScroll: true });
    note.current?.scrollIntoView({ block: 'nearest' });
  }, [refusal, focus]);
  const { code, places } = refusal;
  const bought = code === 'bought_elsewhere';
  return (
    <p
      ref={note}
      class={isGoodNews(code) ? 'note' : 'note bad'}
      role={isGoodNews(code) ? 'status' : 'alert'}
      tabIndex={-1}
      data-testid="panel-refusal"
      data-code={code}
    >
      {text}{' '}
      {bought && layout && `${nameSeats(layout, places, (place) => placeLabel(layout.chart, place))}. `}
      {bought && <a href="/orders">My tickets</a>}
    </p>
  );
}
