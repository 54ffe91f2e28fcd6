import type { EventDetail } from '@seatwire/protocol';
import { useState } from 'preact/hooks';
import { api } from '../connection/api.ts';
import { formatMoney, plural } from '../frame/format.ts';
import { useAnswer } from '../frame/use-answer.ts';
import type { Layout } from '../seat-map/layout.ts';
import { Countdown, ENDING_MS, useTimeLeft } from './countdown.tsx';
import { Places } from './places.tsx';
import type { HoldView, Sale } from './sale.ts';

/** Places are held: how long still, what they cost, and paying for them. */
export function Checkout(props: {
  event: EventDetail;
  layout: Layout;
  sale: Sale;
  hold: HoldView;
  busy: 'extending' | 'releasing' | 'paying' | null;
}) {
  const { layout, sale, hold, busy } = props;
  const left = useTimeLeft(hold.expiresAt);
  const { answer, retry } = useAnswer('methods', api.methods);
  const methods = answer?.ok ? answer.body.methods : [];
  const [chosen, setChosen] = useState<string | null>(null);
  const method = chosen ?? methods[0]?.token ?? null;
  return (
    <section class="stack checkout">
      <div class="held-head">
        <div>
          <h2>Held for you</h2>
          <p class="quiet small">
            {plural(hold.places.length, 'place')}, nobody else can take them meanwhile.
          </p>
        </div>
        <Countdown left={left} />
      </div>
      {left < ENDING_MS && left > 0 && (
        <div class="note warn row" role="alert">
          <span class="grow">Only a minute left.</span>
          <button type="button" class="button compact" disabled={busy !== null} onClick={() => sale.extend()}>
            More time
          </button>
        </div>
      )}
      <Places layout={layout} hold={hold} />
      <p class="total">
        <span>Total</span>
        <span class="number">{formatMoney(hold.amount, hold.currency)}</span>
      </p>
      {answer && !answer.ok && (
        <p class="note bad">
          {answer.message}{' '}
          <button type="button" class="button compact" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {methods.length > 0 && (
        <fieldset class="methods" disabled={busy !== null}>
          <legend class="small">Pay with a test card. No real money moves.</legend>
          {methods.map((option) => (
            <label key={option.token} class="method">
              <input
                type="radio"
                name="method"
                value={option.token}
                checked={option.token === method}
                onChange={() => setChosen(option.token)}
                data-testid="card-option"
              />
              <span>
                {option.label}
                <span class="small quiet"> {option.outcome}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div class="pay">
        <button
          type="button"
          class="button primary wide"
          data-testid="pay-button"
          disabled={busy !== null || method === null || left <= 0}
          onClick={() => method && sale.pay(method)}
        >
          {busy === 'paying' && <span class="spinner" />}
          {busy === 'paying' ? 'Paying' : 'Pay'}{' '}
          <span class="number">{formatMoney(hold.amount, hold.currency)}</span>
        </button>
        <button
          type="button"
          class="button plain wide"
          disabled={busy !== null}
          onClick={() => sale.release()}
          data-testid="release-button"
        >
          Give them back
        </button>
      </div>
    </section>
  );
}
