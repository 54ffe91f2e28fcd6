import type { EventDetail } from '@seatwire/protocol';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import { earliestEnd } from '../sale/sale-state.ts';
import { buyerText } from '../words/refusals.ts';
import { ControlNote } from './control-note.tsx';
import { Countdown, ENDING_MS, useTimeLeft } from './countdown.tsx';

/** Less than this is not worth asking for. */
const WORTH_MS = 10_000;

/** How long the basket still lasts, and more time for it whenever there is more to be had. */
export function HoldClock({ event, sale }: { event: EventDetail; sale: Sale }) {
  const { holds, activity } = useStore(sale.state);
  const end = earliestEnd(holds) ?? 0;
  const left = useTimeLeft(end);
  const now = end - left;
  const open = holds.filter(({ atLimit, paying }) => !atLimit && !paying);
  const helps = left > 0 && open.some(({ expiresAt }) => now + event.holdMs - expiresAt >= WORTH_MS);
  const ending = left > 0 && left < ENDING_MS;
  return (
    <>
      <ControlNote sale={sale} at="extend" />
      <div class={ending ? 'hold-clock ending' : 'hold-clock'}>
        <Countdown left={left} />
        <p class="small grow" role={ending ? 'alert' : undefined}>
          {ending && 'Only a minute left. '}
          {!ending && left > 0 && <span class="quiet">left to pay</span>}
          {left <= 0 && 'The time is up.'}
          {holds.every(({ atLimit }) => atLimit) && (
            <span class="quiet"> {buyerText('extension_limit')}</span>
          )}
        </p>
        {helps && (
          <button
            type="button"
            class="button compact"
            data-testid="more-time"
            disabled={activity !== null}
            onClick={() => sale.extend()}
          >
            {activity === 'extend' && <span class="spinner" />}
            More time
          </button>
        )}
      </div>
    </>
  );
}
