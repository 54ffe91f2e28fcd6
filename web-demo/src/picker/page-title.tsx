import type { EventDetail } from '@seatwire/protocol';
import { usePageTitle } from '../frame/title.ts';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import { earliestEnd } from '../sale/sale-state.ts';
import { formatCountdown } from '../words/format.ts';
import { useTimeLeft } from './countdown.tsx';

/** The tab says how long the seats are still held, also while another tab is looked at. */
export function PageTitle({ event, sale }: { event: EventDetail; sale: Sale }) {
  const end = earliestEnd(useStore(sale.state).holds);
  const left = useTimeLeft(end ?? 0);
  usePageTitle(end === null ? event.title : `${formatCountdown(left)} · ${event.title}`);
  return null;
}
