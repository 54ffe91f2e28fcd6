/** REST, as the page needs it. Answers are values: `{ ok: true, body }` or `{ ok: false, code, message }`; nothing throws for a refusal or a lost network. */
import type {
  Chart,
  ErrorBody,
  EventDetail,
  EventSummary,
  OrderBody,
  PaymentMethod,
  RejectCode,
  Session,
} from '@seatwire/protocol';

export type Answer<T> =
  | { readonly ok: true; readonly body: T }
  | {
      readonly ok: false;
      readonly code: RejectCode | 'offline';
      readonly message: string;
      /** Which fields of the request were wrong, for bad_request. */
      readonly fields?: readonly string[];
    };

const DEADLINE_MS = 10_000;

export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly role: string;
}

async function call<T>(path: string, init: RequestInit = {}, token?: string | null): Promise<Answer<T>> {
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
    if (response.status === 204) return { ok: true, body: undefined as T };
    const body: unknown = await response.json();
    if (response.ok) return { ok: true, body: body as T };
    const { error } = body as ErrorBody;
    const fields = error.issues?.map(({ path }) => path) ?? [];
    return { ok: false, code: error.code, message: error.message, fields };
  } catch {
    return {
      ok: false,
      code: 'offline',
      message: 'Seatwire does not answer. Check your connection and try again.',
    };
  }
}

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

export const api = {
  events: () => call<{ events: EventSummary[] }>('/events?limit=50'),
  event: (id: string) => call<EventDetail>(`/events/${encodeURIComponent(id)}`),
  chart: (id: string) => call<Chart>(`/events/${encodeURIComponent(id)}/chart`),
  methods: () => call<{ methods: PaymentMethod[] }>('/payment-methods'),
  demo: () => call<{ accounts: DemoAccount[] }>('/demo'),
  orders: (token: string) => call<{ orders: OrderBody[] }>('/orders?limit=50', {}, token),
  order: (id: string, token: string) => call<OrderBody>(`/orders/${encodeURIComponent(id)}`, {}, token),
  login: (email: string, password: string) =>
    call<Session>('/auth/login', post({ email, password, refreshTransport: 'cookie' })),
  register: (name: string, email: string, password: string) =>
    call<Session>('/auth/register', post({ name, email, password, refreshTransport: 'cookie' })),
  refresh: () => call<Session>('/auth/refresh', post({ refreshTransport: 'cookie' })),
  // A sign-out survives the page that asked for it.
  logout: () => call<void>('/auth/logout', { ...post({}), keepalive: true }),
};
