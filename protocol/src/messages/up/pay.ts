import * as z from 'zod';
import { eventId, holdId, opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const pay = define({
  type: 'pay',
  code: 10,
  doc: 'Authorises the payment of a hold in checkout and confirms it. Answer: `accepted` or `rejected`; `order` notices follow.',
  fields: { op: opId, event: eventId, hold: holdId, method: z.string().min(1).max(128) },
});
