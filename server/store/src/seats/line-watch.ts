/**
 * Notices a line whose peer is gone without a word: a balancer that forgot it, a lost host, a network that swallows. TCP alone finds
 * that out after a quarter of an hour, and whoever only listens never does. So each connection is asked for a sign of life (PING) every
 * few seconds, and one that has said nothing at all for three of them is destroyed: what waited on it fails, and the client makes
 * another, which subscribes to what this one was subscribed to. Rounds are counted, not time: a process that stood still itself blames no line.
 */
import type { Cluster, Redis } from 'ioredis';

/** A dead peer is noticed within 8 s: it may die right after a round, and then three pass in silence. */
export const LINE_WATCH_MS = 2_000;
const SILENT_ROUNDS = 3;
/** What waits inside Redis on a watched line must come back well within this. */
export const LONGEST_BLOCK_MS = LINE_WATCH_MS;

type Watched = Pick<Redis, 'status' | 'stream' | 'ping'>;

interface Seen {
  readonly stream: Redis['stream'];
  readonly bytes: number;
  silent: number;
}

/** Until the client is disconnected. `everyMs`: between two rounds. */
export function watchLines(client: Redis | Cluster, everyMs = LINE_WATCH_MS): void {
  const seen = new WeakMap<Watched, Seen>();
  const timer = setInterval(() => {
    for (const line of linesOf(client)) look(line, seen, everyMs);
  }, everyMs);
  timer.unref();
  client.once('end', () => clearInterval(timer));
}

function look(line: Watched, seen: WeakMap<Watched, Seen>, everyMs: number): void {
  const { stream } = line;
  if (!stream || stream.destroyed) return;
  const last = seen.get(line);
  if (last?.stream !== stream || last.bytes !== stream.bytesRead) {
    seen.set(line, { stream, bytes: stream.bytesRead, silent: 0 });
  } else if (++last.silent >= SILENT_ROUNDS) {
    // Not `disconnect`: that waits for the peer to say goodbye.
    stream.destroy(
      new Error(`Redis said nothing for ${SILENT_ROUNDS * everyMs} ms: the line is taken for dead.`),
    );
    return;
  }
  // Before that the handshake itself waits for words of Redis.
  if (line.status === 'ready') line.ping().catch(() => {});
}

/** What a cluster client keeps to itself: the connections it listens on. */
interface ClusterInside {
  readonly subscriber?: { getInstance(): Redis | null };
  readonly shardedSubscribers?: {
    readonly shardedSubscribers: ReadonlyMap<string, { getInstance(): Redis | null }>;
  };
}

function linesOf(client: Redis | Cluster): readonly Watched[] {
  if (!client.isCluster) return [client as Redis];
  const { subscriber, shardedSubscribers } = client as unknown as ClusterInside;
  const listening = [subscriber, ...(shardedSubscribers?.shardedSubscribers.values() ?? [])];
  return [...(client as Cluster).nodes(), ...listening.flatMap((one) => one?.getInstance() ?? [])];
}
