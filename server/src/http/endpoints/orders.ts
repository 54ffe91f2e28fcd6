/** Orders over REST: a purchase in one call, and the caller's own orders. */

import { acceptedBody } from '@seatwire/domain';
import {
  COMMANDS,
  eventId,
  opId,
  orderBody,
  orderId,
  orderList,
  orderRequest,
  paymentMethod,
  refused,
} from '@seatwire/protocol';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../endpoint.ts';
import { nextPage, page } from '../paging.ts';

export const orderEndpoints: readonly Endpoint[] = [
  endpoint(
    {
      method: 'post',
      path: '/orders',
      tag: 'orders',
      summary: 'Check a hold out and pay it. A repeat under the same Idempotency-Key gets the same answer.',
      access: 'owner of hold',
      idempotent: 'under its op',
      rate: 'request',
      request: { headers: z.object({ 'idempotency-key': opId }), body: orderRequest },
      status: 202,
      answer: orderBody,
      refusals: COMMANDS.pay.refusals,
    },
    async ({ buyer, body, headers }, { orders, sales }) => {
      const { event, hold, method = null } = body;
      // Before any money moves: what the answer says must not be missing afterwards.
      const occasion = await orders.occasion(event);
      if (!occasion) return refused('unknown_event');
      const command = { op: headers['idempotency-key'], event, hold, method };
      const accepted = await sales.purchase(buyer, command);
      return accepted.ok ? acceptedBody(accepted, occasion) : accepted;
    },
  ),

  endpoint(
    {
      method: 'get',
      path: '/orders',
      tag: 'orders',
      summary: "The caller's own orders, newest first.",
      description:
        'Orders that are accepted and not confirmed yet lead the first page, beyond its `limit`. An order that comes while pages are read may be met twice; none is left out.',
      access: 'account',
      idempotent: 'always',
      rate: 'request',
      request: { query: page.extend({ event: eventId.optional() }) },
      status: 200,
      answer: orderList,
      refusals: [],
    },
    async ({ buyer, query, context }, parts) => {
      const { orders, total, more } = await parts.orders.of(buyer, query);
      const next = more ? nextPage(context.req.path, query) : null;
      return { orders: [...orders], total, next };
    },
  ),

  endpoint(
    {
      method: 'get',
      path: '/orders/{id}',
      tag: 'orders',
      summary: "One of the caller's own orders.",
      access: 'owner of order',
      idempotent: 'always',
      rate: 'request',
      request: { params: z.object({ id: orderId }) },
      status: 200,
      answer: orderBody,
      refusals: [],
    },
    async ({ buyer, params }, { orders }) => {
      return (await orders.find(buyer, params.id)) ?? refused('unknown_order');
    },
  ),

  endpoint(
    {
      method: 'get',
      path: '/payment-methods',
      tag: 'orders',
      summary: 'How a purchase may be paid; test cards with the simulated provider.',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: {},
      status: 200,
      answer: z.object({ methods: z.array(paymentMethod) }),
      refusals: [],
    },
    async (_, { provider }) => ({ methods: [...provider.methods()] }),
  ),
];
