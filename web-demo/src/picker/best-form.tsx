import type { EventDetail } from '@seatwire/protocol';
import { useState } from 'preact/hooks';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import type { Layout } from '../seat-map/layout.ts';
import { asBuyer } from './as-buyer.ts';
import { ControlNote } from './control-note.tsx';
import { useHoldBarred } from './hold-barred.ts';
import { Stepper } from './stepper.tsx';

/** Best available: how many, where, side by side or not. Holds at once. */
export function BestForm({ event, layout, sale }: { event: EventDetail; layout: Layout; sale: Sale }) {
  const { activity } = useStore(sale.state);
  const [count, setCount] = useState(2);
  const [where, setWhere] = useState('');
  const [together, setTogether] = useState(true);
  const asking = activity === 'best';
  const barred = useHoldBarred(event);
  const submit = (submitted: SubmitEvent) => {
    submitted.preventDefault();
    const [kind, key] = [where.slice(0, 1), where.slice(2)];
    asBuyer(() =>
      sale.holdBest({
        count,
        category: kind === 'c' ? key : null,
        area: kind === 'a' ? key : null,
        together,
      }),
    );
  };
  return (
    <form class="stack best" onSubmit={submit} data-testid="best-form">
      <h2>Best available</h2>
      <div class="row">
        <Stepper
          label="How many seats"
          value={count}
          min={1}
          max={Math.min(10, sale.maxPerHold)}
          onChange={setCount}
        />
        <label class="field grow">
          <span class="visually-hidden">Where</span>
          <select value={where} onChange={(e) => setWhere(e.currentTarget.value)}>
            <option value="">Anywhere</option>
            <optgroup label="Category">
              {event.prices.map((price) => (
                <option key={price.category} value={`c:${price.category}`}>
                  {price.name}
                </option>
              ))}
            </optgroup>
            <optgroup label="Section">
              {layout.chart.sections.map((section) => (
                <option key={section.id} value={`a:${section.id}`}>
                  {section.name}
                </option>
              ))}
            </optgroup>
          </select>
        </label>
      </div>
      <label class="check">
        <input type="checkbox" checked={together} onChange={(e) => setTogether(e.currentTarget.checked)} />
        Side by side
      </label>
      <ControlNote sale={sale} at="best" />
      <button
        type="submit"
        class="button wide"
        disabled={activity !== null || barred !== null}
        title={barred ?? undefined}
      >
        {asking && <span class="spinner" />}
        Hold the best {count === 1 ? 'seat' : count}
      </button>
    </form>
  );
}
