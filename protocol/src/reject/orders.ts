/** Orders and their payment. */
import { later, no, type Rejection } from './rejection.ts';

export const ORDER_REJECTIONS = {
  not_sold: no(409, 'The place is not sold under this order.'),
  price_changed: later(409, 'The prices changed. Look at them and try again.'),
  payment_declined: no(402, 'The card was declined. The places are still yours: try another card.'),
  payment_unknown: later(
    504,
    'The payment provider did not answer in time. The places are still yours: try again.',
  ),
  unknown_payment_method: no(400, 'No such payment method. Choose one that is offered.'),
  unknown_order: no(404, 'No such order, or it is not yours.'),
} as const satisfies Record<string, Rejection>;
