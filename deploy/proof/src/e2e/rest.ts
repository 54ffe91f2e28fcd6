/** REST as a test's buyer speaks it. Answers are values; a call that gets no answer in 15 s throws. */
import type { DemoAccount } from '@seatwire/local';
import type { EventId, HoldBody, OrderBody, ProblemBody, Session } from '@seatwire/protocol';
import { SeatMap } from '@seatwire/protocol';

export type RestAnswer<T> =
  | { readonly ok: true; readonly status: number; readonly body: T }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly text: string };

export async function call<T>(
  url: string,
  method: string,
  path: string,
  given: { body?: unknown; token?: string; op?: string } = {},
): Promise<RestAnswer<T>> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(given.token ? { authorization: `Bearer ${given.token}` } : {}),
      ...(given.op ? { 'idempotency-key': given.op } : {}),
    },
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return { ok: true, status: response.status, body: body as T };
  return { ok: false, status: response.status, code: (body as ProblemBody).code, text };
}

export async function signIn(url: string, account: DemoAccount): Promise<string> {
  const { email, password } = account;
  const answer = await call<Session>(url, 'POST', '/auth/login', { body: { email, password } });
  if (!answer.ok) throw new Error(`${email} could not sign in: ${answer.text}`);
  return answer.body.accessToken;
}

export async function restMap(url: string, event: EventId): Promise<{ version: number; map: SeatMap }> {
  const answer = await call<{ version: number; places: number; map: string }>(
    url,
    'GET',
    `/events/${event}/snapshot`,
  );
  if (!answer.ok) throw new Error(`no snapshot: ${answer.text}`);
  return {
    version: answer.body.version,
    map: SeatMap.unpack(answer.body.places, Buffer.from(answer.body.map, 'base64'))!,
  };
}

export const holdByRest = (
  url: string,
  token: string,
  event: EventId,
  opId: string,
  places: readonly number[],
) => call<HoldBody>(url, 'POST', `/events/${event}/holds`, { token, body: { opId, places } });

export const buyByRest = (
  url: string,
  token: string,
  event: EventId,
  hold: string,
  op: string,
  method = 'tok_ok',
) => call<OrderBody>(url, 'POST', '/orders', { token, op, body: { event, hold, method } });
