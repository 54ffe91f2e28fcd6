import { eventId, holdId, opId } from '../../ids.ts';
import { define, type Message } from '../define.ts';

export const checkout = define({
  type: 'checkout',
  code: 9,
  doc: 'Moves a hold to paying: a bounded extension during which it can be paid. Answer: `checked-out` or `rejected`.',
  fields: { op: opId, event: eventId, hold: holdId },
});
export type Checkout = Message<typeof checkout>;
