/** The REST API: gates, routes, the OpenAPI document, and one form for every error. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Tokens } from '@seatwire/domain';
import { HTTPException } from 'hono/http-exception';
import type { Histogram } from 'prom-client';
import type { RefusalGuard } from '../refusal-guard.ts';
import { type Endpoint, type HttpEnv, mount } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { type AllowsOrigin, originGate, principalGate, rateGate, textGate } from './gate.ts';
import { openApiDocument } from './openapi.ts';
import type { ApiParts } from './parts.ts';
import { codeOfThrown, problem } from './problem.ts';
import type { RestLimits } from './rates.ts';

export interface ApiOptions {
  readonly tokens: Tokens;
  readonly allowsOrigin: AllowsOrigin;
  readonly limits: RestLimits;
  readonly parts: ApiParts;
  readonly guard: RefusalGuard;
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  /** A defect, or a lost dependency. */
  readonly failed: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
}

export function buildApi(o: ApiOptions, endpoints: readonly Endpoint[] = ENDPOINTS): OpenAPIHono<HttpEnv> {
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
  api.use(rateGate(o.limits, endpoints));
  api.use(textGate);
  api.use(principalGate(o.tokens));

  for (const endpoint of endpoints) mount(api, endpoint, o.parts, o.guard);
  const document = openApiDocument(endpoints);
  api.get('/openapi.json', (context) => context.json(document));
  return api;
}
