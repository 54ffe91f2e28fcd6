/** The panel says what to do next: choose, pay, wait for the confirmation, read the tickets. */
import type { EventDetail } from '@seatwire/protocol';
import { useEffect, useRef } from 'preact/hooks';
import type { LiveRoom } from '../connection/live.ts';
import { formatMoney } from '../frame/format.ts';
import { useStore } from '../frame/use-store.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import { BestForm } from './best-form.tsx';
import { Checkout } from './checkout.tsx';
import { Legend } from './legend.tsx';
import { Places } from './places.tsx';
import type { Sale } from './sale.ts';
import { SaleWindowNote } from './sale-window.tsx';
import { Selection } from './selection.tsx';

export interface PanelProps {
  readonly event: EventDetail;
  readonly layout: Layout;
  readonly room: LiveRoom;
  readonly sale: Sale;
  readonly dimmed: ReadonlySet<number>;
  readonly onDim: (dimmed: ReadonlySet<number>) => void;
}

export function Panel(props: PanelProps) {
  const { event, layout, sale } = props;
  const { phase, refusal, bought } = useStore(sale.state);
  const body = useRef<HTMLDivElement>(null);
  const step = phase.kind === 'asking' ? 'choosing' : phase.kind;
  const before = useRef(step);
  useEffect(() => {
    // The button that was pressed is gone with its step: whoever works by keyboard goes on at the new step, not at the page's start.
    if (before.current !== step && document.activeElement === document.body) body.current?.focus();
    before.current = step;
  }, [step]);
  return (
    <div class="panel-body" ref={body} tabIndex={-1}>
      {refusal && refusal.place === null && (
        <p class="note bad" role="alert" data-testid="panel-refusal">
          {refusal.message}
        </p>
      )}
      {phase.kind === 'choosing' || phase.kind === 'asking' ? (
        <>
          <SaleWindowNote event={event} />
          <Selection event={event} layout={layout} sale={sale} />
          <BestForm event={event} layout={layout} sale={sale} />
          <Legend event={event} layout={layout} dimmed={props.dimmed} onDim={props.onDim} />
          {bought.length > 0 && (
            <p class="small quiet">
              You have {bought.length === 1 ? 'a ticket' : `${bought.length} tickets`} here already.{' '}
              <a href="/orders">My tickets</a>
            </p>
          )}
        </>
      ) : phase.kind === 'held' ? (
        <Checkout event={event} layout={layout} sale={sale} hold={phase.hold} busy={phase.busy} />
      ) : phase.kind === 'confirming' ? (
        <section class="stack" aria-live="polite">
          <h2>
            <span class="spinner" /> Confirming your tickets
          </h2>
          <p class="quiet">
            The payment is reserved. This takes a moment; you may stay or leave, nothing gets lost.
          </p>
          <Places layout={layout} hold={phase.hold} />
        </section>
      ) : phase.kind === 'confirmed' ? (
        <section class="stack" aria-live="polite" data-testid="confirmed">
          <h2>They are yours</h2>
          <p class="quiet">Confirmed, and kept in your account.</p>
          <ul class="tickets">
            {phase.hold.places.map((place, i) => (
              <li class="ticket" key={place} data-testid="ticket" data-place={place}>
                <div>
                  <p class="strong">{placeLabel(layout.chart, place)}</p>
                  <p class="small quiet">{event.title}</p>
                </div>
                <span class="number">{formatMoney(phase.hold.prices[i] ?? 0, phase.hold.currency)}</span>
              </li>
            ))}
          </ul>
          <a class="button primary wide" href="/orders">
            My tickets
          </a>
          <button type="button" class="button wide" onClick={() => sale.again()}>
            Choose more seats
          </button>
        </section>
      ) : (
        <section class="stack" role="alert">
          <h2>These places could not be sold</h2>
          <p class="note bad">
            Somebody's claim on them came first, so the payment was let go: nothing is charged.
          </p>
          <button type="button" class="button primary wide" onClick={() => sale.again()}>
            Choose other places
          </button>
        </section>
      )}
    </div>
  );
}
