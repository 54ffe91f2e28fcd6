/** A whole gateway on a free port, over a scripted store and a domain the test fills in. */
import type { Principal, SaleEvent } from '@seatwire/domain';
import {
  type EventId,
  type HoldId,
  type OrderId,
  type Result,
  randomToken,
  refused,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import type { Hold, News } from '@seatwire/store';
import { Registry } from 'prom-client';
import { type RefusalGuard, refusalGuard } from '../../refusal-guard.ts';
import { type RoomsMetrics, roomsMetrics } from '../../rooms/metrics.ts';
import type { RoomsOptions } from '../../rooms/options.ts';
import { NO_PRESENCE_BUS, type PresenceBus } from '../../rooms/presence.ts';
import type { RoomStore } from '../../rooms/replica.ts';
import { Rooms } from '../../rooms/rooms.ts';
import { ScriptedStore } from '../../rooms/testing/scripted-store.ts';
import { gatewayOptions, roomsOptions } from '../../testing/options.ts';
import { Gateway, type GatewayParts } from '../app.ts';
import type { Selling } from '../command.ts';
import { gatewayMetrics } from '../metrics.ts';
import type { GatewayOptions } from '../options.ts';

export interface SystemOptions {
  readonly places?: number;
  readonly gateway?: Partial<GatewayOptions>;
  readonly rooms?: Partial<RoomsOptions>;
  readonly routes?: GatewayParts['routes'];
  /** Real ones in place of the scripted ones. */
  readonly real?: {
    readonly store: RoomStore;
    readonly event: EventId;
    readonly presence: PresenceBus;
    readonly socketIoRedis: GatewayParts['socketIoRedis'];
  };
  readonly server?: string;
  /** Another than one that throws. */
  readonly guard?: RefusalGuard;
  /** A token is verified when this is done. */
  readonly beforeVerify?: (token: string) => Promise<void>;
}

export interface System {
  readonly url: string;
  readonly port: number;
  readonly store: ScriptedStore;
  readonly event: EventId;
  readonly rooms: Rooms;
  readonly roomsMetrics: RoomsMetrics;
  readonly gateway: Gateway;
  readonly domain: ScriptedDomain;
  readonly catalogue: { find: (event: EventId) => Promise<SaleEvent | null> };
  readonly organizer: UserId;
  readonly registry: Registry;
  readonly defects: unknown[];
  /** A token that names a fresh user, or the one given. */
  tokenOf(principal?: Partial<Principal>): string;
  notify(news: News): void;
  stop(): Promise<void>;
}

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const store = new ScriptedStore(options.places ?? 64);
  const { real } = options;
  const event = real?.event ?? store.event;
  const registry = new Registry();
  const organizer = uuidv7() as UserId;
  const principals = new Map<string, Principal>();
  const catalogue: System['catalogue'] = {
    find: async (id) => (id === event ? ({ detail: { organizer } } as unknown as SaleEvent) : null),
  };
  const metrics = roomsMetrics(registry);
  const rooms = new Rooms({
    store: real?.store ?? store,
    catalogue,
    presence: real?.presence ?? NO_PRESENCE_BUS,
    revenue: async () => ({ revenue: 12_300, currency: 'EUR' }),
    server: options.server ?? 'here',
    requestRebuild: () => undefined,
    metrics,
    options: roomsOptions(options.rooms),
  });
  rooms.start();
  const domain = new ScriptedDomain();
  const defects: unknown[] = [];
  const gateway = new Gateway({
    options: gatewayOptions(options.gateway),
    metrics: gatewayMetrics(registry),
    rooms,
    tokens: {
      async verify(token) {
        await options.beforeVerify?.(token);
        return verify(principals.get(token));
      },
    },
    catalogue,
    domain,
    socketIoRedis: real?.socketIoRedis ?? null,
    routes:
      options.routes ??
      ((app) => void app.any('/*', (res) => void res.writeStatus('404 Not Found').end('nothing here'))),
    guard: options.guard ?? refusalGuard(null),
    defect: (error) => void defects.push(error),
  });
  const port = await gateway.start();
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    port,
    store,
    event,
    rooms,
    roomsMetrics: metrics,
    gateway,
    domain,
    catalogue,
    organizer,
    registry,
    defects,
    tokenOf(principal = {}) {
      const token = randomToken();
      principals.set(token, {
        user: uuidv7() as UserId,
        role: 'customer',
        expiresAt: Date.now() + 600_000,
        ...principal,
      });
      return token;
    },
    notify: (news) => gateway.notify(news),
    async stop() {
      await gateway.stop();
      await rooms.stop();
    },
  };
}

function verify(principal: Principal | undefined): Principal | 'bad_token' | 'token_expired' {
  if (!principal) return 'bad_token';
  return principal.expiresAt !== null && principal.expiresAt <= Date.now() ? 'token_expired' : principal;
}

/** A hold as the store would have it. */
export function aHold(more: Partial<Hold> = {}): Hold {
  return {
    hold: randomToken() as HoldId,
    buyer: uuidv7() as UserId,
    fence: 1,
    state: 'held',
    places: [1],
    prices: [100],
    amount: 100,
    currency: 'EUR',
    heldAt: 1,
    expiresAt: Date.now() + 60_000,
    order: null,
    ...more,
  };
}

/** Grants everything, after `gate`. */
export class ScriptedDomain implements Selling {
  gate: Promise<void> | null = null;
  /** Thrown by every command. */
  failure: Error | null = null;
  running = 0;
  /** What a look at a hold finds. */
  live: (event: EventId, hold: HoldId) => Promise<Result<Hold>> = async () => refused('hold_not_found');
  /** Most at once so far. */
  peak = 0;

  readonly holds: Selling['holds'] = {
    hold: (buyer, { places }) =>
      this.#run(aHold({ buyer, places, prices: places.map(() => 100), amount: 100 * places.length })),
    holdBest: async () => refused('not_enough_places'),
    extend: () => this.#run({ expiresAt: 1 }),
    release: () => this.#run({}),
    find: async (_owner, event, hold) => this.live(event, hold),
  };
  readonly sales: Selling['sales'] = {
    mine: () => this.#run({ holds: [], orders: [] }),
    checkout: (buyer, { hold }) => this.#run({ ...aHold({ buyer, hold }), order: uuidv7() as OrderId }),
    pay: (_buyer, { event }) =>
      this.#run({
        order: uuidv7() as OrderId,
        event,
        places: [1],
        amount: 100,
        currency: 'EUR',
        acceptedAt: 1,
      }),
  };

  async #run<T extends object>(granted: T): Promise<{ readonly ok: true } & T> {
    this.running++;
    this.peak = Math.max(this.peak, this.running);
    try {
      await this.gate;
      if (this.failure) throw this.failure;
      return { ok: true, ...granted };
    } finally {
      this.running--;
    }
  }
}
