/** What the jobs about the payment of an order have in common. */
import { type OrderId, orderId } from '@seatwire/protocol';
import { PaymentImpossible } from '@seatwire/store';
import { z } from 'zod';
import type { Job, JobParts } from './job.ts';

const schema = z.object({ order: orderId });

export function paymentJob<const Name extends string>(
  name: Name,
  handle: (parts: JobParts, order: OrderId) => Promise<string>,
): Job<Name, z.output<typeof schema>> {
  return {
    name,
    queue: 'payments',
    schema,
    attempts: 12,
    backoffMs: 250,
    keyOf: ({ order }) => order,
    handle: (parts, { order }) => handle(parts, order),
    // What the provider forbids once it forbids for good.
    isFinal: (error) => error instanceof PaymentImpossible,
  };
}
