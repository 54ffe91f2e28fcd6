import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import type { Refusal } from '../sale/sale-state.ts';
import { buyerText, isGoodNews } from '../words/refusals.ts';
import { STILL_WAITING } from './waiting.ts';

/** What did not work, at the control that asked for it, and what takes long. `focus`: whoever pressed the button is brought to it. */
export function ControlNote(props: {
  sale: Sale;
  at: Exclude<Refusal['at'], 'map' | 'panel'>;
  focus?: boolean;
}) {
  const { sale, at, focus = false } = props;
  const { refusal, activity, slow } = useStore(sale.state);
  if (activity === at && slow) {
    return (
      <p class="note" role="status" data-testid="still-waiting">
        {STILL_WAITING[at]}
      </p>
    );
  }
  return refusal?.at === at ? <RefusalNote refusal={refusal} focus={focus} /> : null;
}

export function RefusalNote({ refusal, focus = false }: { refusal: Refusal; focus?: boolean }) {
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (focus) note.current?.focus({ preventScroll: true });
    note.current?.scrollIntoView({ block: 'nearest' });
  }, [refusal, focus]);
  const { code } = refusal;
  return (
    <p
      ref={note}
      class={isGoodNews(code) ? 'note' : 'note bad'}
      role={isGoodNews(code) ? 'status' : 'alert'}
      tabIndex={-1}
      data-testid="panel-refusal"
      data-code={code}
    >
      {buyerText(code)} {code === 'bought_elsewhere' && <a href="/orders">My tickets</a>}
    </p>
  );
}
