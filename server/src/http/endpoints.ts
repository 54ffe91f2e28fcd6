/** All of REST, noun by noun. */
import type { Endpoint } from './endpoint.ts';
import { accountEndpoints } from './endpoints/accounts.ts';
import { demoEndpoints } from './endpoints/demo.ts';
import { eventEndpoints } from './endpoints/events.ts';
import { holdEndpoints } from './endpoints/holds.ts';
import { orderEndpoints } from './endpoints/orders.ts';
import { problemEndpoints } from './endpoints/problems.ts';

export const ENDPOINTS: readonly Endpoint[] = [
  ...accountEndpoints,
  ...eventEndpoints,
  ...holdEndpoints,
  ...orderEndpoints,
  ...problemEndpoints,
  ...demoEndpoints,
];
