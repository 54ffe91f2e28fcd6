import type { EventDetail } from '@seatwire/protocol';
import { useState } from 'preact/hooks';
import type { LiveRoom } from '../connection/live.ts';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import type { Layout } from '../seat-map/layout.ts';
import { asBuyer } from './as-buyer.ts';
import { ControlNote } from './control-note.tsx';
import { useHoldBarred } from './hold-barred.ts';
import { Stepper } from './stepper.tsx';
import { freeAt, type WhereOption, whereToLook } from './where.ts';

/** Best available: how many, where, side by side or not. Holds at once. */
export function BestForm(props: { event: EventDetail; layout: Layout; room: LiveRoom; sale: Sale }) {
  const { event, layout, room, sale } = props;
  const { activity } = useStore(sale.state);
  const [count, setCount] = useState(2);
  const [where, setWhere] = useState('');
  useStore(room.view);
  const [, look] = useState(0);
  // As it is when somebody looks: an open list does not change under the hand.
  const there = whereToLook(event, layout, room.codeOf);
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
          <select
            value={where}
            onFocus={() => look((n) => n + 1)}
            onChange={(e) => setWhere(e.currentTarget.value)}
          >
            <option value="">Anywhere</option>
            <WhereGroup label="Category" options={there.categories} />
            <WhereGroup label="Section" options={there.sections} />
          </select>
        </label>
      </div>
      <label class="check">
        <input type="checkbox" checked={together} onChange={(e) => setTogether(e.currentTarget.checked)} />
        Side by side
      </label>
      <ControlNote
        sale={sale}
        at="best"
        words={(code) => (code === 'not_enough_places' && freeAt(there, where) === 0 ? 'none_left' : code)}
      />
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

function WhereGroup({ label, options }: { label: string; options: readonly WhereOption[] }) {
  if (options.length === 0) return null;
  return (
    <optgroup label={label}>
      {options.map(({ value, name, free }) => (
        <option key={value} value={value} disabled={free === 0}>
          {name}
          {free === 0 && ' (none free)'}
        </option>
      ))}
    </optgroup>
  );
}
