import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { EmbeddedStoreError } from './error.ts';
import { freePort } from './free-port.ts';
import { startRedis } from './redis.ts';
import type { StoreProcess } from './store-process.ts';

export interface RedisCluster {
  /** The first node's address: enough for a cluster client, which asks it for the others. */
  readonly url: string;
  readonly nodes: readonly StoreProcess[];
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface RedisClusterOptions {
  readonly dir: string;
  /** Masters, each with an even share of the 16,384 slots; no replicas. 3 if left out. */
  readonly nodes?: number;
  readonly appendfsync?: 'always' | 'everysec' | 'no';
}

const SLOTS = 16_384;
const READY_WITHIN_MS = 30_000;

/** Starts a fresh or kept Redis Cluster of local masters and waits until every node calls it whole. */
export async function startRedisCluster(options: RedisClusterOptions): Promise<RedisCluster> {
  const count = options.nodes ?? 3;
  const nodes: StoreProcess[] = [];
  const every = async (act: (node: StoreProcess) => Promise<void>) => {
    await Promise.all(nodes.map(act));
  };
  try {
    for (let index = 0; index < count; index++) nodes.push(await startNode(options, index));
    await formCluster(nodes);
  } catch (error) {
    await every((node) => node.kill());
    throw error;
  }
  return {
    url: nodes[0]!.url,
    nodes,
    stop: () => every((node) => node.stop()),
    kill: () => every((node) => node.kill()),
  };
}

async function startNode(options: RedisClusterOptions, index: number): Promise<StoreProcess> {
  return startRedis({
    dir: join(options.dir, `node-${index}`),
    appendfsync: options.appendfsync ?? 'always',
    extraArgs: [
      ...['--cluster-enabled', 'yes'],
      ...['--cluster-config-file', 'nodes.conf'],
      ...['--cluster-node-timeout', '2000'],
      ...['--cluster-announce-ip', '127.0.0.1'],
      // By default the bus takes port + 10000, which would land among the ports of outgoing connections.
      ...['--cluster-port', String(await freePort())],
    ],
  });
}

async function formCluster(nodes: readonly StoreProcess[]): Promise<void> {
  const clients = nodes.map(
    (node) => new Redis(node.url, { maxRetriesPerRequest: 1, commandTimeout: 5_000 }),
  );
  try {
    const share = Math.ceil(SLOTS / nodes.length);
    const known = await Promise.all(clients.map(slotsOwned));
    for (const [index, client] of clients.entries()) {
      if (known[index]! > 0) continue;
      await client.call('CLUSTER', 'ADDSLOTSRANGE', index * share, Math.min(SLOTS, (index + 1) * share) - 1);
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    }
    const addresses = await Promise.all(nodes.map((node, index) => address(node, clients[index]!)));
    for (const client of clients) {
      for (const { port, bus } of addresses) await client.call('CLUSTER', 'MEET', '127.0.0.1', port, bus);
    }
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await whole(clients, nodes.length))) {
      if (performance.now() > deadline) {
        throw new EmbeddedStoreError(
          'start_timeout',
          `The Redis Cluster was not whole within ${READY_WITHIN_MS / 1000} s.`,
        );
      }
      await sleep(50);
    }
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function slotsOwned(client: Redis): Promise<number> {
  const myself = String(await client.call('CLUSTER', 'NODES'))
    .split('\n')
    .find((line) => line.includes('myself'));
  return myself?.trim().split(' ').slice(8).length ?? 0;
}

async function address(node: StoreProcess, client: Redis): Promise<{ port: number; bus: number }> {
  const [, bus] = (await client.call('CONFIG', 'GET', 'cluster-port')) as [string, string];
  return { port: node.port, bus: Number(bus) };
}

async function whole(clients: readonly Redis[], count: number): Promise<boolean> {
  const states = await Promise.all(
    clients.map(async (client) => String(await client.call('CLUSTER', 'INFO'))),
  );
  return states.every(
    (info) => info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${count}\r`),
  );
}
