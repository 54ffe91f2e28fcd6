/**
 * Notices a line whose peer is gone without a word: a balancer that forgot it, a lost host, a network that swallows. TCP alone finds
 * that out after a quarter of an hour, and never on a line that only listens. So each connection is asked for a sign of life (PING) every
 * few seconds, and one that has said nothing for three of them is destroyed: what waited on it fails, and the client makes
 * another with the same subscriptions. Rounds are counted, not time: a process that stood still must not blame a line.
 */
import type { EventEmitter } from 'node:events';
import type { Cluster, Redis } from 'ioredis';
import { LINE_WATCH_MS, SILENT_ROUNDS } from '../dead-peer.ts';

type Watched = Pick<Redis, 'status' | 'stream' | 'ping'>;

type Stream = Redis['stream'];

interface Seen {
  readonly stream: Stream;
  readonly bytes: number;
  silent: number;
}

/** Said by a watched client when it has another connection in the place of one, with the ms for which that may have been dead at most. */
export const LINE_BACK = 'line back';

/** When a watched client last gave a sign of life, of any of its lines. */
const lastLife = new WeakMap<object, number>();

/** A dead line is replaced within seconds, if it can be. */
const STUCK_MS = 120_000;

/**
 * The names of clients that have been without a living line for `ms`, though others are not: the store is there, and something here is
 * stuck for good. None while no client gets through: a new process would not either.
 */
export function stuckLines(
  clients: Readonly<Record<string, Redis | Cluster>>,
  ms = STUCK_MS,
): readonly string[] {
  const now = performance.now();
  const silent = Object.entries(clients).map(([name, client]) => ({
    name,
    silentMs: now - (lastLife.get(client) ?? now),
  }));
  if (silent.every(({ silentMs }) => silentMs > ms / 2)) return [];
  return silent.filter(({ silentMs }) => silentMs > ms).map(({ name }) => name);
}

/** Until the client is disconnected. `everyMs`: between two rounds. */
export function watchLines(client: Redis | Cluster, everyMs = LINE_WATCH_MS): void {
  const seen = new WeakMap<Watched, Seen>();
  const emitter: EventEmitter = client;
  let known = new Set<Stream>();
  /** When all lines were last known to be alive. */
  let whole = performance.now();
  lastLife.set(client, whole);
  const timer = setInterval(() => {
    const lines = linesOf(client);
    const ready = lines.filter(({ status }) => status === 'ready').map(({ stream }) => stream);
    const back = known.size > 0 && ready.some((stream) => !known.has(stream));
    if (ready.length > 0) known = new Set(ready);
    const alive = lines.map((line) => look(line, seen, everyMs));
    // A round finds life somewhere between the one before and itself.
    if (back) emitter.emit(LINE_BACK, performance.now() - whole + everyMs);
    if (alive.every(Boolean)) whole = performance.now();
    if (alive.some(Boolean)) lastLife.set(client, performance.now());
  }, everyMs);
  timer.unref();
  client.once('end', () => clearInterval(timer));
}

/** False: no sign of life since the last look. */
function look(line: Watched, seen: WeakMap<Watched, Seen>, everyMs: number): boolean {
  const { stream } = line;
  if (!stream || stream.destroyed) return false;
  const last = seen.get(line);
  const silent = last?.stream === stream && last.bytes === stream.bytesRead;
  if (!silent) {
    seen.set(line, { stream, bytes: stream.bytesRead, silent: 0 });
  } else if (++last.silent >= SILENT_ROUNDS) {
    // Not `disconnect`: that waits for the peer to say goodbye.
    stream.destroy(
      new Error(`Redis said nothing for ${SILENT_ROUNDS * everyMs} ms: the line is taken for dead.`),
    );
    return false;
  }
  // Before that the handshake itself waits for words of Redis.
  if (line.status === 'ready') line.ping().catch(() => {});
  return !silent && line.status === 'ready';
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
  const all = [...(client as Cluster).nodes(), ...listening.flatMap((one) => one?.getInstance() ?? [])];
  // To a node that nothing has been asked of yet there is no line.
  return all.filter(({ status }) => status !== 'wait');
}
