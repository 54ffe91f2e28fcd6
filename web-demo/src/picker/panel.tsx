/** The panel says what to do next: choose, pay, wait for the confirmation, read the tickets. */
import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../frame/use-store.ts';
import { type Phase, phaseOf, type Refusal } from '../sale/sale-state.ts';
import { Checkout } from './checkout.tsx';
import { Choosing } from './choosing.tsx';
import { RefusalNote } from './control-note.tsx';
import { Confirmed, Confirming, Rejected } from './outcome.tsx';
import type { PanelProps } from './panel-props.ts';

interface Step {
  readonly Content: FunctionComponent<PanelProps>;
  /** Controls that are there to say what did not work; of any other, the panel itself does. */
  readonly controls: readonly Refusal['at'][];
}

const STEPS: Record<Phase, Step> = {
  choosing: { Content: Choosing, controls: ['hold', 'best'] },
  held: { Content: Checkout, controls: ['hold', 'extend', 'release', 'pay'] },
  confirming: { Content: Confirming, controls: [] },
  confirmed: { Content: Confirmed, controls: [] },
  rejected: { Content: Rejected, controls: [] },
};

export function Panel(props: PanelProps) {
  const state = useStore(props.sale.state);
  const { refusal } = state;
  const step = phaseOf(state);
  const { Content, controls } = STEPS[step];
  const body = useRef<HTMLDivElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step || !body.current) return;
    before.current = step;
    // A step is read from its top, wherever the one before was left.
    body.current.scrollTop = 0;
    // The button that was pressed is gone with its step: whoever works by keyboard goes on at the new step, not at the page's start.
    if (document.activeElement === document.body) body.current.focus();
  }, [step]);
  return (
    <div class="panel-body" ref={body} tabIndex={-1} data-step={step}>
      {refusal && refusal.at !== 'map' && !controls.includes(refusal.at) && (
        <RefusalNote refusal={refusal} layout={props.layout} />
      )}
      <Content {...props} />
    </div>
  );
}
