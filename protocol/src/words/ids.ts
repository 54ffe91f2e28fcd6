/** Branded ids: strings at run time, distinct types at compile time, so an order id never passes for a hold id. */
import * as z from 'zod';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

const uuid = () => z.string().regex(UUID, 'must be a lower-case UUID');

/** UUIDv7 of an event (a chart on sale). */
export const eventId = uuid().brand<'EventId'>();
export type EventId = z.output<typeof eventId>;

/** UUIDv7 of a user account; the buyer of holds and orders. */
export const userId = uuid().brand<'UserId'>();
export type UserId = z.output<typeof userId>;

/** UUIDv7 of an order; also the idempotency key of its payment. */
export const orderId = uuid().brand<'OrderId'>();
export type OrderId = z.output<typeof orderId>;

/** UUIDv7 of a chart. */
export const chartId = uuid().brand<'ChartId'>();
export type ChartId = z.output<typeof chartId>;

/** 128 random bits, base64url: a hold's id is a capability, so it must not be guessable (unlike a UUIDv7, which tells its time). */
export const holdId = z.string().regex(TOKEN, 'must be 22 base64url characters').brand<'HoldId'>();
export type HoldId = z.output<typeof holdId>;

/** Chosen by the client, one per command; a repeat under the same id gets the first answer. 8 to 40 characters of [A-Za-z0-9_-]. */
export const opId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,40}$/, 'must be 8 to 40 characters of A-Z a-z 0-9 _ -')
  .brand<'OpId'>();
export type OpId = z.output<typeof opId>;

/** Changes whenever an event's Redis state is rebuilt. 22 base64url characters. */
export const epoch = z.string().regex(TOKEN, 'must be 22 base64url characters').brand<'Epoch'>();
export type Epoch = z.output<typeof epoch>;

/** The largest number of places one event may have. */
export const MAX_PLACES = 250_000;

/** A place: a dense index 0..n-1 into its chart. */
export const place = z
  .int()
  .min(0)
  .max(MAX_PLACES - 1);
export type Place = number;

/** Per-event counter of transitions; the state after `version` transitions of one epoch. */
export const version = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Epoch milliseconds. */
export const timeMs = z.int().min(0).max(8.64e15);

/** Integer minor units of a currency: `minorDigits` says how many digits they are. */
export const amount = z.int().min(0).max(1_000_000_000_000);

/** ISO 4217 code. */
export const currency = z.string().regex(/^[A-Z]{3}$/);

/** UUIDv7 (RFC 9562): 48 bits of epoch ms, then 74 random bits. */
export function uuidv7(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(now) << 16n);
  bytes.set(random, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Of an array: k6's `Uint8Array.from` takes no string. */
const BASE64URL = Uint8Array.from(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'],
  (letter) => letter.charCodeAt(0),
);
const TOKEN_LENGTH = 22;

// Letters for 100 tokens, drawn at once: to ask for each token's own bytes costs five times as much.
const pool = new Uint8Array(100 * TOKEN_LENGTH);
let poolAt = pool.length;

/** 22 base64url characters (at least 128 random bits): a hold id or an epoch. Needs `crypto.getRandomValues`. */
export function randomToken(): string {
  if (poolAt === pool.length) {
    crypto.getRandomValues(pool);
    for (let i = 0; i < pool.length; i++) pool[i] = BASE64URL[pool[i]! & 63]!;
    poolAt = 0;
  }
  const from = poolAt;
  poolAt += TOKEN_LENGTH;
  return String.fromCharCode(...pool.subarray(from, poolAt));
}
