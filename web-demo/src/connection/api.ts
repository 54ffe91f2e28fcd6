/** REST, as the page needs it. Answers are values: `{ ok: true, body }` or `{ ok: false, code, message }`; nothing throws for a refusal or a lost network. */
import type {
  Chart,
  EventDetail,
  EventList,
  OrderBody,
  OrderList,
  PaymentMethod,
  ProblemBody,
  Refusal,
  RejectCode,
  Result,
  Session,
} from '@seatwire/protocol';
import { serverClock } from '../time/now.ts';

export interface ApiRefusal extends Refusal<RejectCode | 'offline'> {
  readonly message: string;
  /** Which fields of the request were wrong, for bad_request. */
  readonly fields?: readonly string[];
}
export type Answer<T> = Result<{ readonly body: T }, ApiRefusal>;

/** So many items come at once, of lists. */
const PAGE = 50;
const DEADLINE_MS = 10_000;

export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly role: string;
}

async function call<T>(path: string, init: RequestInit = {}, token?: string | null): Promise<Answer<T>> {
  const askedAt = serverClock.steady();
  try {
    const response = await fetch(`/api${path}`, {
      ...init,
      headers: {
        accept: 'application/json',
        ...(init.body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    // What a cache may have kept says what time it was.
    if (!/max-age|immutable/.test(response.headers.get('cache-control') ?? ''))
      serverClock.heardDate(Date.parse(response.headers.get('date') ?? ''), askedAt);
    if (response.status === 204) return { ok: true, body: undefined as T };
    const body: unknown = await response.json();
    if (response.ok) return { ok: true, body: body as T };
    const { code, detail, issues } = body as ProblemBody;
    return { ok: false, code, message: detail, fields: issues?.map(({ path }) => path) ?? [] };
  } catch {
    return {
      ok: false,
      code: 'offline',
      message: 'Seatwire does not answer. Check your connection and try again.',
    };
  }
}

/** `next`: the path and query that a list answered with. */
const following = (next: string | null, first: string): string => next?.replace(/^\/api/, '') ?? first;

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

export const api = {
  /** From now on, soonest first; or the past ones, latest first. */
  events: (past: boolean, next: string | null) =>
    call<EventList>(following(next, `/events?limit=${PAGE}${past ? '&past=true' : ''}`)),
  event: (id: string) => call<EventDetail>(`/events/${encodeURIComponent(id)}`),
  chart: (id: string) => call<Chart>(`/events/${encodeURIComponent(id)}/chart`),
  methods: () => call<{ methods: PaymentMethod[] }>('/payment-methods'),
  demo: () => call<{ accounts: DemoAccount[] }>('/demo'),
  orders: (token: string, next: string | null) =>
    call<OrderList>(following(next, `/orders?limit=${PAGE}`), {}, token),
  order: (id: string, token: string) => call<OrderBody>(`/orders/${encodeURIComponent(id)}`, {}, token),
  login: (email: string, password: string) =>
    call<Session>('/auth/login', post({ email, password, refreshTransport: 'cookie' })),
  register: (name: string, email: string, password: string) =>
    call<Session>('/auth/register', post({ name, email, password, refreshTransport: 'cookie' })),
  refresh: () => call<Session>('/auth/refresh', post({ refreshTransport: 'cookie' })),
  // A sign-out survives the page that asked for it.
  logout: () => call<void>('/auth/logout', { ...post({}), keepalive: true }),
};
