import type { PaymentMethod } from '@seatwire/protocol';
import { useEffect } from 'preact/hooks';
import { api } from '../connection/api.ts';
import { useAnswer } from '../frame/use-answer.ts';
import { buyerText } from '../words/refusals.ts';

/** Which card pays. `bad`: the token of the one that did not do last time. */
export function CardChoice(props: {
  chosen: string | null;
  onChoose: (token: string) => void;
  bad: string | null;
  disabled: boolean;
}) {
  const { chosen, onChoose, bad, disabled } = props;
  const { answer, retry } = useAnswer('methods', api.methods);
  const methods: readonly PaymentMethod[] = answer?.ok ? answer.body.methods : [];
  const first = methods[0]?.token;
  useEffect(() => {
    if (chosen === null && first !== undefined) onChoose(first);
  }, [chosen, first, onChoose]);
  if (answer && !answer.ok) {
    return (
      <p class="note bad" role="alert">
        {buyerText(answer.code)}{' '}
        <button type="button" class="button compact" onClick={retry}>
          Try again
        </button>
      </p>
    );
  }
  if (methods.length === 0) return null;
  return (
    <fieldset class="methods" disabled={disabled}>
      <legend class="small">Pay with a test card. No real money moves.</legend>
      {methods.map(({ token, label, outcome }) => (
        <label key={token} class={token === bad ? 'method bad' : 'method'}>
          <input
            type="radio"
            name="method"
            value={token}
            checked={token === chosen}
            aria-invalid={token === bad ? true : undefined}
            onChange={() => onChoose(token)}
            data-testid="card-option"
          />
          <span>
            {label}
            <span class="small quiet"> {outcome}</span>
            {token === bad && <span class="small"> Did not work.</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
