import type { OrderId } from '@seatwire/protocol';

/**
 * A hash: payment, amount, currency, state (or `barred`: voided before there was a payment), captures, capturesLost. Each script
 * takes one key, so any cluster slot will do.
 */
export const simulatedPaymentKey = (order: OrderId): string => `simulated-payment:${order}`;
