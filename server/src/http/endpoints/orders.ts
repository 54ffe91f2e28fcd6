/** Orders over REST: a purchase in one call, and the caller's own orders. */
import {
  eventId,
  isRefusal,
  opId,
  orderBody,
  orderId,
  orderList,
  orderRequest,
  type PaymentMethod,
  paymentMethod,
  refused,
} from '@seatwire/protocol';
import { z } from 'zod';
import { buyerOf } from '../../accounts/buyer.ts';
import { acceptedBody, type Orders } from '../../sales/orders.ts';
import type { SaleDesk } from '../../sales/sale-desk.ts';
import { type Api, endpoint } from '../endpoint.ts';
import { nextPage, page } from '../paging.ts';

export interface OrderRoutes {
  readonly sales: Pick<SaleDesk, 'purchase'>;
  readonly orders: Orders;
  readonly methods: () => readonly PaymentMethod[];
}

export function orderRoutes(api: Api, o: OrderRoutes): void {
  const tag = 'orders';

  endpoint(
    api,
    {
      method: 'post',
      path: '/orders',
      tag,
      summary: 'Check a hold out and pay it. A repeat under the same Idempotency-Key gets the same answer.',
      access: 'account',
      request: { headers: z.object({ 'idempotency-key': opId }), body: orderRequest },
      status: 202,
      answer: orderBody,
      refusals: [
        'hold_not_found',
        'hold_expired',
        'hold_not_paying',
        'payment_declined',
        'payment_unknown',
        'unknown_payment_method',
        'unknown_event',
        'event_rebuilding',
        'op_conflict',
      ],
    },
    async ({ principal, body, headers }) => {
      const buyer = buyerOf(principal);
      if (isRefusal(buyer)) return buyer;
      const { event, hold, method = null } = body;
      // Before any money moves: what the answer says must not be missing afterwards.
      const occasion = await o.orders.occasion(event);
      if (!occasion) return refused('unknown_event');
      const command = { op: headers['idempotency-key'], event, hold, method };
      const accepted = await o.sales.purchase(buyer, command);
      return accepted.ok ? acceptedBody(accepted, occasion) : accepted;
    },
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/orders',
      tag,
      summary: "The caller's own orders, newest first.",
      description:
        'Orders that are accepted and not confirmed yet lead the first page, beyond its `limit`. An order that comes while pages are read may be met twice; none is left out.',
      access: 'account',
      request: { query: page.extend({ event: eventId.optional() }) },
      status: 200,
      answer: orderList,
      refusals: [],
    },
    async ({ principal, query, context }) => {
      const buyer = buyerOf(principal);
      if (isRefusal(buyer)) return buyer;
      const { orders, total, more } = await o.orders.of(buyer, query);
      const next = more ? nextPage(context.req.path, query) : null;
      return { orders: [...orders], total, next };
    },
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/orders/{id}',
      tag,
      summary: "One of the caller's own orders.",
      access: 'account',
      request: { params: z.object({ id: orderId }) },
      status: 200,
      answer: orderBody,
      refusals: ['unknown_order'],
    },
    async ({ principal, params }) => {
      const buyer = buyerOf(principal);
      if (isRefusal(buyer)) return buyer;
      return (await o.orders.find(buyer, params.id)) ?? refused('unknown_order');
    },
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/payment-methods',
      tag,
      summary: 'How a purchase may be paid; test cards with the simulated provider.',
      access: 'public',
      request: {},
      status: 200,
      answer: z.object({ methods: z.array(paymentMethod) }),
      refusals: [],
    },
    async () => ({ methods: [...o.methods()] }),
  );
}
