/** Whether an event's tickets are on sale, by the server's clock, and what is said while they are not. */
import type { EventSummary } from '@seatwire/protocol';
import { nextOf, nextStep } from '../time/follow.ts';
import { useServerNow } from '../time/now.ts';
import { formatVenueTime, formatWait } from '../time/venue-time.ts';

export type SaleWindow = 'before' | 'open' | 'ended';
type SaleTimes = Pick<EventSummary, 'saleOpensAt' | 'saleClosesAt'>;

/** As the server judges it: open from the opening on, and not at the close any more. */
export function saleWindow(event: SaleTimes, now: number): SaleWindow {
  if (now >= Date.parse(event.saleClosesAt)) return 'ended';
  return now < Date.parse(event.saleOpensAt) ? 'before' : 'open';
}

/** Draws anew when the sale opens and when it ends. */
export function useSaleWindow(event: SaleTimes): SaleWindow {
  const edges = [Date.parse(event.saleOpensAt), Date.parse(event.saleClosesAt)];
  const now = useServerNow((at) => nextOf(edges, at), edges);
  return saleWindow(event, now);
}

/** What a buyer can do instead; nothing while tickets are on sale. */
export function SaleWindowNote({ event }: { event: EventSummary }) {
  const window = useSaleWindow(event);
  if (window === 'open') return null;
  return (
    <p class="note warn" data-testid="sale-window" data-window={window}>
      {window === 'before' ? (
        <>
          <SaleOpens event={event} wait /> You can look around already.
        </>
      ) : (
        <>
          The sale has ended. <a href="/">See all events</a>
        </>
      )}
    </p>
  );
}

/** "Opens Wed 2 December at 03:28", and with `wait` also how long that is: ", in 2 min 14 s." */
export function SaleOpens({ event, wait = false }: { event: EventSummary; wait?: boolean }) {
  const opens = Date.parse(event.saleOpensAt);
  const now = useServerNow((at) => (wait ? nextStep(opens, at) : nextOf([opens], at)), [opens, wait]);
  return (
    <>
      Opens {formatVenueTime(event.saleOpensAt, event, now)}
      {wait && (
        <>
          {', '}
          <span class="number nowrap" role="timer">
            in {formatWait(opens - now)}
          </span>
          .
        </>
      )}
    </>
  );
}
