/** The REST calls around a run: choosing the event, signing up buyers, reading the map and the ledger. Shapes are checked, calls have deadlines. */
import { randomUUID } from 'node:crypto';
import {
  type EventDetail,
  type EventSummary,
  eventDetail,
  eventSummary,
  type OrderBody,
  orderBody,
  SeatMap,
  session,
  snapshotBody,
} from '@seatwire/protocol';
import type { Account } from './run-file.ts';

/** The server refused, or said what nobody understands. */
export class RestTrouble extends Error {
  override readonly name = 'RestTrouble';
}

const CALL_MS = 30_000;
const AT_ONCE = 8;
const PAGE = 100;

export class Rest {
  readonly #base: string;

  /** `url`: http://host:port, without a path. */
  constructor(url: string) {
    this.#base = url;
  }

  async events(): Promise<EventSummary[]> {
    return eventSummary.array().parse((await this.#call('GET', `/api/events?limit=${PAGE}`)).events);
  }

  async snapshot(event: string): Promise<{ epoch: string; version: number; map: SeatMap }> {
    const body = snapshotBody.parse(await this.#call('GET', `/api/events/${event}/snapshot`));
    const map = SeatMap.unpack(body.places, Buffer.from(body.map, 'base64'));
    if (map === null) throw new RestTrouble('the snapshot is not as long as its places');
    return { epoch: body.epoch, version: body.version, map };
  }

  async event(id: string): Promise<EventDetail> {
    return eventDetail.parse(await this.#call('GET', `/api/events/${id}`));
  }

  async signUp(count: number, progress: (line: string) => void): Promise<Account[]> {
    const accounts: Account[] = [];
    for (let done = 0; done < count; done += AT_ONCE) {
      const batch = Math.min(AT_ONCE, count - done);
      accounts.push(...(await Promise.all(Array.from({ length: batch }, () => this.#signUp()))));
      if (done > 0 && done % (AT_ONCE * 10) === 0)
        progress(`signed up ${accounts.length} of ${count} buyers`);
    }
    return accounts;
  }

  async #signUp(): Promise<Account> {
    const name = randomUUID();
    const account = { email: `load-${name}@loadtest.test`, password: randomUUID() };
    const body = { ...account, name: `Load ${name}` };
    const answer = session.parse(await this.#call('POST', '/api/auth/register', { body }));
    return { ...account, token: answer.accessToken, expiresAt: Date.parse(answer.accessTokenExpiresAt) };
  }

  /** A token that is still good: the account's first, or that of another sign-in. */
  async #tokenOf({ email, password, token, expiresAt }: Account): Promise<string> {
    if (expiresAt > Date.now() + 2 * CALL_MS) return token;
    const body = { email, password };
    return session.parse(await this.#call('POST', '/api/auth/login', { body })).accessToken;
  }

  /** All orders of a buyer at the event. */
  async ordersOf(account: Account, event: string): Promise<OrderBody[]> {
    const token = await this.#tokenOf(account);
    const orders: OrderBody[] = [];
    for (;;) {
      const path = `/api/orders?event=${event}&limit=${PAGE}&offset=${orders.length}`;
      const page = orderBody.array().parse((await this.#call('GET', path, { token })).orders);
      orders.push(...page);
      if (page.length < PAGE) return orders;
    }
  }

  /** Of many buyers, a few at a time. */
  async ordersOfAll(accounts: readonly Account[], event: string): Promise<OrderBody[]> {
    const orders: OrderBody[] = [];
    for (let from = 0; from < accounts.length; from += AT_ONCE) {
      const batch = accounts.slice(from, from + AT_ONCE);
      orders.push(...(await Promise.all(batch.map((account) => this.ordersOf(account, event)))).flat());
    }
    return orders;
  }

  async #call(
    method: string,
    path: string,
    extra: { body?: unknown; token?: string } = {},
  ): Promise<Record<string, unknown>> {
    let answer: Response;
    try {
      answer = await fetch(`${this.#base}${path}`, {
        method,
        headers: {
          ...(extra.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(extra.token === undefined ? {} : { authorization: `Bearer ${extra.token}` }),
        },
        ...(extra.body === undefined ? {} : { body: JSON.stringify(extra.body) }),
        signal: AbortSignal.timeout(CALL_MS),
      });
    } catch (cause) {
      throw new RestTrouble(`${method} ${path}: ${this.#base} does not answer`, { cause });
    }
    const text = await answer.text();
    if (!answer.ok)
      throw new RestTrouble(`${method} ${path}: status ${answer.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Record<string, unknown>;
  }
}
