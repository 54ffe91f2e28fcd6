/** The system and its peers as services that a load can be run on, over the same Redis and Postgres. */
import { randomUUID } from 'node:crypto';
import { type PeerName, startPeer } from './peer.ts';
import type { Service } from './run-load.ts';
import { slowProxy } from './slow-proxy.ts';
import type { Stage } from './stage.ts';

export const PEERS = ['http-set-nx', 'uws-set-nx', 'http-for-update'] as const;

export interface Stop {
  stop(): Promise<void>;
}

/** Servers of the stage; `hinderMs` plants the proxy in front of each. */
export async function ours(stage: Stage, hinderMs = 0): Promise<Service & Stop> {
  const proxies =
    hinderMs === 0 ? [] : await Promise.all(stage.servers.map(({ url }) => slowProxy(url, hinderMs)));
  return {
    dialect: 'seatwire',
    urls: (proxies.length > 0 ? proxies : stage.servers).map(({ url }) => url),
    pids: stage.servers.map(({ pid }) => pid),
    tokens: stage.tokens,
    stop: async () => void (await Promise.all(proxies.map((proxy) => proxy.stop()))),
  };
}

/** `events` with so many places each are put in stock where the peer needs it. */
export async function peer(
  name: PeerName,
  stage: Stage,
  events: readonly string[],
  places: number,
): Promise<Service & Stop> {
  const { redisUrl, databaseUrl } = stage;
  const { url, pid, stop } = await startPeer(name, { redisUrl, databaseUrl, events, places });
  const dialect = name === 'no-op' ? 'echo' : 'socket.io';
  return { dialect, urls: [url], pids: [pid], tokens: stage.tokens.map(() => null), stop };
}

/** Names no peer has seen. */
export const freshEvents = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
