import * as z from 'zod';
import { eventId, holdId, opId } from '../../words/ids.ts';
import { defineCommand } from '../define.ts';
import { OWN_HOLD } from '../refusals.ts';

export const pay = defineCommand({
  type: 'pay',
  code: 10,
  doc: 'Authorises the payment of a hold in checkout and confirms it. Answer: `accepted` or `rejected`; `order` notices follow.',
  access: 'owner of hold',
  idempotent: 'under its op',
  refusals: [...OWN_HOLD, 'hold_not_paying', 'payment_declined', 'payment_unknown', 'unknown_payment_method'],
  fields: { op: opId, event: eventId, hold: holdId, method: z.string().min(1).max(128) },
});
