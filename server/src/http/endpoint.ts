/**
 * One REST endpoint: its description, its schemas and its handler. The same declaration validates requests, shapes answers and makes
 * the OpenAPI document. A handler returns a value or a refusal; it never builds an error response itself.
 */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { isRefusal, problemBody, REJECTIONS, type Refusal, type RejectCode } from '@seatwire/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import type { Principal } from '../accounts/principal.ts';
import { problem } from './problem.ts';
import type { Peer } from './uws-adapter.ts';

export type HttpEnv = { Bindings: { peer: Peer }; Variables: { principal: Principal } };
export type Api = OpenAPIHono<HttpEnv>;

interface Shape {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Names in lower case. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
}
type Read<T> = T extends z.ZodType ? z.output<T> : undefined;

export interface Endpoint<S extends Shape, A extends z.ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `/events/{id}`, below /api. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** What the summary has no room for. */
  readonly description?: string;
  /** `account`: only with an access token. */
  readonly access: 'public' | 'account';
  readonly request: S;
  readonly status: 200 | 201 | 202 | 204;
  /** Absent for 204. */
  readonly answer?: A;
  /** Codes it answers with, beside those every endpoint may (bad_request, rate_limited, unavailable, ...). */
  readonly refusals: readonly RejectCode[];
}

export interface Call<S extends Shape> {
  readonly principal: Principal;
  readonly peer: Peer;
  readonly params: Read<S['params']>;
  readonly query: Read<S['query']>;
  readonly headers: Read<S['headers']>;
  readonly body: Read<S['body']>;
  /** For headers and cookies. */
  readonly context: Context<HttpEnv>;
}

const ANYWHERE: readonly RejectCode[] = [
  'bad_request',
  'rate_limited',
  'too_large',
  'unavailable',
  'internal',
];
const SIGNED_IN: readonly RejectCode[] = ['unauthenticated', 'token_expired', 'bad_token'];

export function endpoint<const S extends Shape, A extends z.ZodType = z.ZodNever>(
  api: Api,
  spec: Endpoint<S, A>,
  /** A `Response` is sent as it is. */
  handle: (call: Call<S>) => Promise<z.input<A> | undefined | Refusal | Response>,
): void {
  const route = createRoute({
    method: spec.method,
    path: spec.path,
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.description ? { description: spec.description } : {}),
    ...(spec.access === 'account' ? { security: [{ bearer: [] }], middleware: accountsOnly } : {}),
    request: {
      ...(spec.request.params ? { params: spec.request.params } : {}),
      ...(spec.request.query ? { query: spec.request.query } : {}),
      ...(spec.request.headers ? { headers: spec.request.headers } : {}),
      ...(spec.request.body
        ? { body: { required: true, content: { 'application/json': { schema: spec.request.body } } } }
        : {}),
    },
    responses: {
      [spec.status]: spec.answer
        ? { description: spec.summary, content: { 'application/json': { schema: spec.answer } } }
        : { description: spec.summary },
      ...describeRefusals([...(spec.access === 'account' ? SIGNED_IN : []), ...spec.refusals, ...ANYWHERE]),
    },
  });

  const answer = async (context: Context<HttpEnv>): Promise<Response> => {
    const principal = context.get('principal');
    const valid = (target: string): unknown => context.req.valid(target as never);
    const outcome = await handle({
      principal,
      peer: context.env.peer,
      params: (spec.request.params ? valid('param') : undefined) as Read<S['params']>,
      query: (spec.request.query ? valid('query') : undefined) as Read<S['query']>,
      headers: (spec.request.headers ? valid('header') : undefined) as Read<S['headers']>,
      body: (spec.request.body ? valid('json') : undefined) as Read<S['body']>,
      context,
    });
    if (outcome instanceof Response) return outcome;
    if (isRefusal(outcome)) return problem(outcome.code, outcome);
    if (spec.answer === undefined) return context.body(null, spec.status as 204);
    return context.json(outcome as object, spec.status as 200);
  };
  // The handler's own type is checked above, against `answer`; the library would want each error response typed as well.
  api.openapi(route, answer as never);
}

/** Before validation: who may not call does not hear what the call should look like. */
const accountsOnly: MiddlewareHandler<HttpEnv> = async (context, next) => {
  if (context.get('principal').user === null) return problem('unauthenticated');
  await next();
  return undefined;
};

/** One response a status, naming its codes. */
function describeRefusals(codes: readonly RejectCode[]) {
  const byStatus = new Map<number, Set<RejectCode>>();
  for (const code of codes) {
    const { status } = REJECTIONS[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  return Object.fromEntries(
    Array.from(byStatus, ([status, names]) => [
      status,
      {
        description: Array.from(names, (name) => `\`${name}\`: ${REJECTIONS[name].message}`).join('\n\n'),
        content: { 'application/problem+json': { schema: problemBody } },
      },
    ]),
  );
}
