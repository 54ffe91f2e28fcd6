import type { Cluster, Redis } from 'ioredis';
import { type SimulatedOptions, simulatedProvider } from './provider.simulated.ts';
import type { PaymentProvider } from './provider.ts';

/** Which provider takes the money: the value of the option PAYMENT_PROVIDER. Others join this union with what they need. */
export type PaymentProviderChoice = {
  readonly kind: 'simulated';
  readonly redis: Redis | Cluster;
} & SimulatedOptions;

/** The caller keeps the connection, and closes it after the provider. */
export function openPaymentProvider({ redis, kind: _, ...options }: PaymentProviderChoice): PaymentProvider {
  return simulatedProvider(redis, options);
}
