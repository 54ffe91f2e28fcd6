/**
 * One REST endpoint as a value: its description, its schemas and its handler. OpenAPI, the tables and the access matrix read the lists
 * of them; `mount` puts one into service. A handler returns a value or a refusal; it never builds an error response itself.
 */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Buyer, Principal } from '@seatwire/domain';
import {
  type Access,
  accessRefusals,
  type EventId,
  type Idempotence,
  isRefusal,
  REJECTIONS,
  type Refusal,
  type RejectCode,
} from '@seatwire/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { type Admitted, admit, strangerTo } from '../access.ts';
import type { RefusalGuard } from '../refusal-guard.ts';
import type { ApiParts } from './parts.ts';
import { problem } from './problem.ts';
import type { RestRate } from './rates.ts';
import type { Peer } from './uws-adapter.ts';

export type HttpEnv = { Bindings: { peer: Peer }; Variables: { principal: Principal; buyer: Buyer | null } };
export type Api = OpenAPIHono<HttpEnv>;

interface Shape {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Names in lower case. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
}
type Read<T> = T extends z.ZodType ? z.output<T> : undefined;

export interface EndpointSpec<
  S extends Shape = Shape,
  A extends z.ZodType = z.ZodType,
  Who extends Access = Access,
> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `/events/{id}`, below /api. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** What the summary has no room for. */
  readonly description?: string;
  /** `owner of event`: the path's `{id}` names the event. */
  readonly access: Who;
  readonly idempotent: Idempotence;
  readonly rate: RestRate;
  readonly request: S;
  readonly status: 200 | 201 | 202 | 204;
  /** Absent for 204. */
  readonly answer?: A;
  /** Codes its handler answers with, beside those of its access and those every endpoint may (`ANYWHERE`). */
  readonly refusals: readonly RejectCode[];
}

export interface Call<S extends Shape, Who extends Access> {
  readonly principal: Principal;
  /** Who asks, where an account is needed. */
  readonly buyer: Admitted<Who>;
  readonly peer: Peer;
  readonly params: Read<S['params']>;
  readonly query: Read<S['query']>;
  readonly headers: Read<S['headers']>;
  readonly body: Read<S['body']>;
  /** For headers and cookies. */
  readonly context: Context<HttpEnv>;
}

export interface Endpoint {
  readonly spec: EndpointSpec;
  readonly route: ReturnType<typeof describe>;
  /** All it may be refused with. */
  readonly codes: ReadonlySet<RejectCode>;
  readonly answer: (context: Context<HttpEnv>, parts: ApiParts, guard: RefusalGuard) => Promise<Response>;
}

/** From the gates before every endpoint, the transport, and lost dependencies. */
export const ANYWHERE: readonly RejectCode[] = [
  'bad_request',
  'bad_token',
  'token_expired',
  'forbidden',
  'rate_limited',
  'too_large',
  'unavailable',
  'internal',
];

export function endpoint<const S extends Shape, const Who extends Access, A extends z.ZodType = z.ZodNever>(
  spec: EndpointSpec<S, A, Who>,
  /** A `Response` is sent as it is. */
  handle: (call: Call<S, Who>, parts: ApiParts) => Promise<z.input<A> | undefined | Refusal | Response>,
): Endpoint {
  const codes = new Set([...accessRefusals(spec.access), ...spec.refusals, ...ANYWHERE]);
  return {
    spec,
    route: describe(spec, codes),
    codes,
    async answer(context, parts, guard) {
      const principal = context.get('principal');
      const read = (target: string, schema: unknown) => schema && context.req.valid(target as never);
      const call = {
        principal,
        buyer: context.get('buyer'),
        peer: context.env.peer,
        params: read('param', spec.request.params),
        query: read('query', spec.request.query),
        headers: read('header', spec.request.headers),
        body: read('json', spec.request.body),
        context,
      } as Call<S, Who>;
      const outcome = (await notOwner(spec, call, parts)) ?? (await handle(call, parts));
      if (outcome instanceof Response) return outcome;
      if (isRefusal(outcome)) {
        guard(codes, outcome.code, `${spec.method.toUpperCase()} ${spec.path}`);
        return problem(outcome.code, outcome);
      }
      if (spec.answer === undefined) return context.body(null, spec.status as 204);
      return context.json(outcome as object, spec.status as 200);
    },
  };
}

/** Who may not call does not hear what the call should look like. */
export function mount(
  api: Api,
  { spec, route, answer }: Endpoint,
  parts: ApiParts,
  guard: RefusalGuard,
): void {
  const mayAsk: MiddlewareHandler<HttpEnv> = async (context, next) => {
    const buyer = admit(spec.access, context.get('principal'));
    if (isRefusal(buyer)) return problem(buyer.code);
    context.set('buyer', buyer);
    await next();
    return undefined;
  };
  // What a handler answers is checked against the row's own types; the library would want each error response typed as well.
  const handle = (context: Context<HttpEnv>) => answer(context, parts, guard);
  api.openapi({ ...route, middleware: mayAsk }, handle as never);
}

async function notOwner({ access }: EndpointSpec, call: Call<Shape, Access>, { catalogue }: ApiParts) {
  if (access !== 'owner of event') return null;
  return strangerTo((call.params as unknown as { id: EventId }).id, call.principal, catalogue);
}

function describe(spec: EndpointSpec, codes: ReadonlySet<RejectCode>) {
  const { params, query, headers, body } = spec.request;
  return createRoute({
    method: spec.method,
    path: spec.path,
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.description ? { description: spec.description } : {}),
    ...(spec.access === 'public' ? {} : { security: [{ bearer: [] }] }),
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(headers ? { headers } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: {
      [spec.status]: spec.answer
        ? { description: spec.summary, content: { 'application/json': { schema: spec.answer } } }
        : { description: spec.summary },
      ...describeRefusals(codes),
    },
  });
}

/** Where the OpenAPI document has it, once. */
const PROBLEM = '#/components/schemas/Problem';

/** One response a status, naming its codes. */
function describeRefusals(codes: ReadonlySet<RejectCode>) {
  const byStatus = new Map<number, RejectCode[]>();
  for (const code of codes) {
    const { status } = REJECTIONS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    Array.from(byStatus, ([status, names]) => [
      status,
      {
        description: names.map((name) => `\`${name}\`: ${REJECTIONS[name].message}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: PROBLEM } } },
      },
    ]),
  );
}
