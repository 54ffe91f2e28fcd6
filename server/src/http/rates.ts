/** How much of REST one address may ask for: classes that the endpoints name, and where their figures are set. */
import { type Rate, RateLimit } from '@seatwire/domain';
import type { Config } from '../config.ts';

const RATES = {
  request: ({ requestsPerSecond: n }) => ({ perSecond: n, burst: 4 * n }),
} as const satisfies Record<string, (config: Config) => Rate>;

export type RestRate = keyof typeof RATES;
export type RestLimits = Readonly<Record<RestRate, RateLimit>>;

export function restLimits(config: Config): RestLimits {
  const limits = Object.entries(RATES).map(([name, rate]) => [name, new RateLimit(rate(config))]);
  return Object.fromEntries(limits) as RestLimits;
}
