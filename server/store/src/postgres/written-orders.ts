/**
 * What buyers were told, or should have been, of the orders that came into the ledger a short while ago. `order` messages go by
 * pub/sub, which does not reach a server that is not listening.
 */
import { eventId, ORDER_STATES, orderId, REJECT_CODES, type UserId, userId } from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { PrivateMessage } from '../bus/private-messages.ts';
import type { Database } from './database.ts';

/** Buyers looked up in one query: an index probe each. */
const PAGE = 1_000;

/** The messages of these buyers' orders that were written within the last `ms`, the first written first. */
export async function messagesOfWritten(
  db: Database,
  buyers: readonly UserId[],
  ms: number,
): Promise<readonly PrivateMessage[]> {
  const messages: PrivateMessage[] = [];
  for (let from = 0; from < buyers.length; from += PAGE) {
    const rows = await db.any(sql.type(writtenRow)`
      select o.id, o.event_id, o.buyer_id, o.status, o.reason,
        case o.status when 'rejected' then array(select jsonb_array_elements_text(o.refusal -> 'places')::integer)
          else array(select place from tickets where order_id = o.id order by place) end as places
      from orders o
      where o.buyer_id = any(${sql.array(buyers.slice(from, from + PAGE), 'uuid')})
        and o.created_at > now() - ${ms}::float8 * interval '1 millisecond'
      order by o.created_at`);
    for (const { id: order, event_id: event, buyer_id: to, status, reason, places } of rows)
      messages.push({ to, message: { type: 'order', event, order, status, places, reason } });
  }
  return messages;
}

const writtenRow = z.object({
  id: orderId,
  event_id: eventId,
  buyer_id: userId,
  status: z.enum(ORDER_STATES),
  reason: z.enum(REJECT_CODES).nullable(),
  places: z.array(z.int()),
});
