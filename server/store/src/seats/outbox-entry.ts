/** What scripts/confirm.lua and the lapses write into the outbox, read back. An entry of another form is handed over unread. */
import { currency, eventId, holdId, orderId, userId } from '@seatwire/protocol';
import { z } from 'zod';
import type { Lapse, OutboxEntry, Purchase } from '../words/purchase.ts';
import { readNumbers } from './reply.ts';
import type { OutboxBatch } from './seat-store.ts';

export type StreamEntry = readonly [id: string, fields: readonly string[]];

const number = z.string().regex(/^\d+$/).transform(Number);
const numbers = z
  .string()
  .regex(/^\d+(,\d+)*$/)
  .transform(readNumbers);

const lapse = z.object({ kind: z.literal('lapse'), event: eventId, order: orderId, buyer: userId });
const purchase = z
  .object({
    kind: z.literal('purchase'),
    event: eventId,
    order: orderId,
    hold: holdId,
    buyer: userId,
    fence: number,
    places: numbers,
    prices: numbers,
    currency,
    payment: z.string(),
    acceptedAt: number,
  })
  .refine(({ places, prices }) => places.length === prices.length, 'a price for each place')
  .transform((entry) => ({ ...entry, amount: entry.prices.reduce((sum, price) => sum + price, 0) }));
const entry: z.ZodType<Purchase | Lapse> = z.union([purchase, lapse]);

export function readOutboxBatch(partition: number, raw: readonly StreamEntry[]): OutboxBatch {
  const entries: OutboxEntry[] = [];
  const unreadable: { id: string; content: string }[] = [];
  for (const [id, flat] of raw) {
    const fields: Record<string, string> = {};
    for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i]!] = flat[i + 1]!;
    const read = entry.safeParse(fields);
    if (read.success) entries.push({ id, ...read.data });
    else unreadable.push({ id, content: JSON.stringify(fields) });
  }
  return { partition, entries, unreadable };
}
