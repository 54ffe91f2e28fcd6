/** What every REST request passes first: origin, rate, principal. Refusals here happen before any body is looked at. */

import { ANONYMOUS, type Principal, type Tokens } from '@seatwire/domain';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Endpoint, HttpEnv } from './endpoint.ts';
import { problem } from './problem.ts';
import type { RestLimits } from './rates.ts';

const CORS_METHODS = 'GET, POST, PUT, PATCH, DELETE';
const CORS_HEADERS = 'authorization, content-type, idempotency-key';

/** Whether a page of `origin` may call; `origin` is empty when the request names none, `host` is the Host header. */
export type AllowsOrigin = (origin: string, host: string) => boolean;

/** Refuses pages of other origins, and answers the preflights of allowed ones. */
export function originGate(allows: AllowsOrigin): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const origin = context.req.header('origin') ?? '';
    if (!allows(origin, context.req.header('host') ?? '')) return problem('forbidden');
    if (context.req.method === 'OPTIONS') {
      return new Response(null, {
        status: 204,
        headers: origin
          ? {
              'access-control-allow-origin': origin,
              'access-control-allow-credentials': 'true',
              'access-control-allow-methods': CORS_METHODS,
              'access-control-allow-headers': CORS_HEADERS,
              'access-control-max-age': '600',
              vary: 'origin',
            }
          : { allow: `${CORS_METHODS}, HEAD, OPTIONS` },
      });
    }
    await next();
    if (origin) {
      context.res.headers.set('access-control-allow-origin', origin);
      context.res.headers.set('access-control-allow-credentials', 'true');
      context.res.headers.append('vary', 'origin');
    }
    return undefined;
  };
}

/** Refuses a target whose percent signs make no text: it would be looked for as it was typed. */
export const textGate: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const { pathname, search } = new URL(context.req.url);
  for (const [path, text] of Object.entries({ param: pathname, query: search })) {
    try {
      decodeURIComponent(text);
    } catch {
      return problem('bad_request', { issues: [{ path, message: 'must be percent-encoded UTF-8' }] });
    }
  }
  await next();
  return undefined;
};

/** By the class that the endpoint's row names; what is no endpoint counts as a plain request. */
export function rateGate(limits: RestLimits, endpoints: readonly Endpoint[]): MiddlewareHandler<HttpEnv> {
  const classes = new Map(
    endpoints.map(({ spec, route }) => [`${spec.method} /api${route.getRoutingPath()}`, spec.rate]),
  );
  return async (context, next) => {
    const { address } = context.env.peer;
    const to = matchedRoutes(context).at(-1);
    const limit = limits[classes.get(`${to?.method.toLowerCase()} ${to?.path}`) ?? 'request'];
    if (!limit.take(address)) return problem('rate_limited', { retryAfterMs: limit.waitMs(address) });
    await next();
    return undefined;
  };
}

/** An access token makes the caller a principal; none leaves them anonymous; an unsound one is refused, wherever it is sent. */
export function principalGate(tokens: Tokens): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const header = context.req.header('authorization');
    let principal: Principal = ANONYMOUS;
    if (header !== undefined) {
      const token = /^Bearer ([\x21-\x7e]+)$/i.exec(header)?.[1];
      const verified = token === undefined ? 'bad_token' : await tokens.verify(token);
      if (typeof verified === 'string') return problem(verified);
      principal = verified;
    }
    context.set('principal', principal);
    await next();
    return undefined;
  };
}
