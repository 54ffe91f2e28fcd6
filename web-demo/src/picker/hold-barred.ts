import type { EventDetail } from '@seatwire/protocol';
import { buyerText } from '../words/refusals.ts';
import { useSaleWindow } from './sale-window.tsx';

/** Why nothing can be held now; null while the sale is open. Picking is always allowed. */
export function useHoldBarred(event: EventDetail): string | null {
  const sale = useSaleWindow(event);
  if (sale === 'open') return null;
  return buyerText(sale === 'before' ? 'sale_not_open' : 'sale_closed');
}
