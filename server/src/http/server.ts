/**
 * HTTP: REST under /api, health, metrics, and the web page, all registered on the gateway's one uWS app.
 *
 * A request passes uws-adapter (copy, bound, deadline), gate (origin, rate, principal), its endpoint (validation, handler), and comes
 * back as a `Response`. Handlers hold no state; what several requests share is in the domain. Every refusal has the one form of
 * `problem.ts`. May import the domain and, of the gateway, only types; never a socket library.
 */

import { answerOperator, OPERATIONS_PATHS, type Operated } from '@seatwire/program';
import type { TemplatedApp } from '../engine/uws.ts';
import { type ApiOptions, buildApi } from './api.ts';
import { prefersPage } from './negotiation.ts';
import { problem } from './problem.ts';
import type { StaticFiles } from './static-files.ts';
import { type AdapterOptions, serveFetch } from './uws-adapter.ts';

export interface HttpOptions extends ApiOptions {
  /** What /healthz, /readyz and /metrics tell. */
  readonly operated: Operated;
  readonly page: StaticFiles;
  readonly maxBodyBytes: number;
  readonly deadlineMs: number;
  readonly trustProxy: boolean;
}

/** Scripts and styles are files of the page; the canvas makes data: and blob: pictures; sockets are same-origin or proxied. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};
const NOT_BUILT = 'The web page is not built. Run `npm run build`, or look at /api/openapi.json.\n';

/** Registers everything but sockets; the catch-all is last. */
export function registerHttp(app: TemplatedApp, o: HttpOptions): void {
  const api = buildApi(o);
  const adapter: AdapterOptions = {
    maxBodyBytes: o.maxBodyBytes,
    deadlineMs: o.deadlineMs,
    trustProxy: o.trustProxy,
    tooLarge: () => problem('too_large'),
    timedOut: () => problem('unavailable'),
    failed: (error) => {
      o.failed(error, { method: '?', path: '?' });
      return problem('internal');
    },
  };

  serveFetch(app, '/api/*', (request, peer) => api.fetch(request, { peer }), adapter);
  for (const path of OPERATIONS_PATHS) serveFetch(app, path, () => answerOperator(path, o.operated), adapter);
  serveFetch(
    app,
    '/*',
    (request) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return problem('not_found');
      const answer = o.page.answer(new URL(request.url).pathname, request.headers);
      if (!answer)
        return o.page.present ? notFound(o.page, request) : new Response(NOT_BUILT, { status: 404 });
      return withPageHeaders(answer);
    },
    adapter,
  );
}

/** The page itself shows what is not there; programs get the code. */
function notFound(page: StaticFiles, request: Request): Response {
  if (!prefersPage(request.headers.get('accept'))) return problem('not_found');
  const index = page.answer('/', request.headers);
  return withPageHeaders(new Response(index?.body ?? null, { status: 404, headers: index?.headers ?? {} }));
}

function withPageHeaders(response: Response): Response {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.headers.set(name, value);
  return response;
}
