/**
 * Every Redis key of the service is built here and nowhere else.
 *
 * All keys of an event carry the hash tag of its partition, `{p07}`, so a script may touch them together on Redis Cluster and the
 * cluster spreads partitions over its nodes. Another number of partitions moves events to other tags: rebuild them all then.
 *
 * An event is five keys and a channel:
 *   {p07}:e:<event>          hash   epoch, version, fence, rules (frozen: `frozen`), due; `#<hold>`: a live hold's record;
 *                                   `@<buyer>`: how many places the buyer has (held, paying, sold) and which live holds;
 *                                   `<buyer>:<op>`: when a command was answered, its digest and the answer; `forget`: how far
 *                                   the sweep is in removing the old ones
 *   {p07}:e:<event>:map      string one letter a place: f h p s b (free held paying sold blocked), upper case where a run starts
 *   {p07}:e:<event>:expiry   zset   live hold -> when it ends, epoch ms
 *   {p07}:e:<event>:sold     hash   place -> fence of its sale
 *   {p07}:e:<event>:journal  list   the last transitions, the current version's at the end
 *   the same name            channel the transitions, as they happen; names of keys and of channels do not meet
 * One hash instead of four (rules, buyers, holds, answers) lets a hold read all it must know in one HMGET and write it in one HSET.
 */
import type { EventId } from '@seatwire/protocol';

export const DEFAULT_PARTITIONS = 16;

/** FNV-1a of the event's id, mod the number of partitions. */
export function partitionOf(event: EventId, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < event.length; i++) hash = Math.imul(hash ^ event.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % partitions;
}

const tag = (partition: number) => `{p${String(partition).padStart(2, '0')}}`;

export interface EventKeys {
  readonly state: string;
  readonly map: string;
  readonly expiry: string;
  readonly sold: string;
  readonly journal: string;
  readonly feed: string;
  /** The partition's events that hold something -> a moment not later than the first of its holds to end. */
  readonly due: string;
  readonly outbox: string;
}

export function eventKeys(event: EventId, partitions: number): EventKeys {
  const partition = partitionOf(event, partitions);
  const state = `${tag(partition)}:e:${event}`;
  return {
    state,
    map: `${state}:map`,
    expiry: `${state}:expiry`,
    sold: `${state}:sold`,
    journal: `${state}:journal`,
    feed: `${state}:journal`,
    due: dueKey(partition),
    outbox: outboxKey(partition),
  };
}

/** Where a rebuild gathers an event's new state before it takes the old one's place. */
export const stagingKey = (key: string, epoch: string) => `${key}:staged:${epoch}`;

export const dueKey = (partition: number) => `${tag(partition)}:due`;
/** Written to see whether the partition's Redis takes writes. */
export const probeKey = (partition: number) => `${tag(partition)}:probe`;
export const outboxKey = (partition: number) => `${tag(partition)}:outbox`;

/** The event a feed's channel belongs to. */
export function eventOfFeed(channel: string): EventId {
  return channel.slice(channel.indexOf(':e:') + 3, channel.lastIndexOf(':')) as EventId;
}
