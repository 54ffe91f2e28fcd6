/** The REST API: gates, routes, the OpenAPI document, and one form for every error. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { Histogram } from 'prom-client';
import type { Tokens } from '../accounts/tokens.ts';
import type { HoldDesk } from '../holds/hold-desk.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { HttpEnv } from './endpoint.ts';
import { type AccountRoutes, accountRoutes } from './endpoints/accounts.ts';
import { demoRoutes } from './endpoints/demo.ts';
import { type EventRoutes, eventRoutes } from './endpoints/events.ts';
import { holdRoutes } from './endpoints/holds.ts';
import { type OrderRoutes, orderRoutes } from './endpoints/orders.ts';
import { type AllowsOrigin, originGate, principalGate, rateGate, textGate } from './gate.ts';
import { codeOfThrown, problem } from './problem.ts';

export interface ApiOptions {
  readonly tokens: Tokens;
  readonly allowsOrigin: AllowsOrigin;
  readonly requests: RateLimit;
  readonly accounts: AccountRoutes;
  readonly events: EventRoutes;
  readonly holds: HoldDesk;
  readonly orders: OrderRoutes;
  /** None where there is no demo. */
  readonly demoAccounts: Parameters<typeof demoRoutes>[1];
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  /** A defect, or a lost dependency. */
  readonly failed: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
}

export function buildApi(o: ApiOptions): OpenAPIHono<HttpEnv> {
  const api = new OpenAPIHono<HttpEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined;
      const issues = result.error.issues.map((issue) => ({
        path: [result.target, ...issue.path].join('.'),
        message: issue.message,
      }));
      return problem('bad_request', { issues });
    },
  }).basePath('/api') as OpenAPIHono<HttpEnv>;

  api.onError((error, context) => {
    if (error instanceof HTTPException && error.status < 500) return problem('bad_request');
    o.failed(error, { method: context.req.method, path: context.req.path });
    return problem(codeOfThrown(error));
  });
  api.notFound(() => problem('not_found'));

  api.use(async (context, next) => {
    const end = o.requestSeconds.startTimer({ method: context.req.method });
    await next();
    context.header('x-content-type-options', 'nosniff');
    end({ route: context.req.routePath, status: context.res.status });
  });
  api.use(originGate(o.allowsOrigin));
  api.use(rateGate(o.requests));
  api.use(textGate);
  api.use(principalGate(o.tokens));

  accountRoutes(api, o.accounts);
  eventRoutes(api, o.events);
  holdRoutes(api, o.holds);
  orderRoutes(api, o.orders);
  demoRoutes(api, o.demoAccounts);

  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Seatwire', version: '1.0.0', description: 'Hold, pay and confirm single places, live.' },
  });
  return api;
}
