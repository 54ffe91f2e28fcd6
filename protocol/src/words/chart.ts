/**
 * A chart: an immutable seating plan. Places are dense indices, in an order that puts neighbours next to each other,
 * so that "k side by side" is a run of bytes. Coordinates are abstract units, y grows downwards.
 */
import * as z from 'zod';
import { chartId, place } from './ids.ts';

const point = z.tuple([z.number(), z.number()]);
export type Point = z.output<typeof point>;

/** Seats side by side: a *run*. An aisle starts a new one, so that nobody is offered two seats across it. */
export const run = z.object({
  /** Row or table label, as printed on the ticket. */
  label: z.string().max(16),
  /** First place of the run. */
  first: place,
  count: z.int().min(1).max(2000),
  /** Number of the first seat as printed; the others count up. */
  number: z.int().min(0),
  /** `line`: evenly from `from` to `to`, bent by `bend` units at the middle (a quadratic arc). `ring`: around a table. Read by `seatPoint`. */
  shape: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('line'), from: point, to: point, bend: z.number() }),
    z.object({ kind: z.literal('ring'), centre: point, radius: z.number().positive() }),
  ]),
});
export type Run = z.output<typeof run>;

export const section = z.object({
  /** Unique in the chart, stable; what `area` in best available names. */
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(64),
  kind: z.enum(['seats', 'tables', 'ga']),
  /** Key of the category all its places belong to. */
  category: z.string().max(64),
  /** 0 is the ground floor. */
  floor: z.int().min(0).max(20),
  outline: z.array(point).min(3).max(64),
  label: point,
  /** First place; the section's places are first..first+count-1. */
  first: place,
  count: z.int().min(1),
  /** Empty for general admission. Runs cover the section's places exactly, in order. */
  runs: z.array(run),
});
export type Section = z.output<typeof section>;

export const category = z.object({
  key: z.string().min(1).max(64),
  name: z.string().min(1).max(64),
  /** #rrggbb */
  color: z.string().regex(/^#[0-9a-f]{6}$/),
});
export type Category = z.output<typeof category>;

export const chart = z.object({
  id: chartId,
  name: z.string().min(1).max(128),
  width: z.number().positive(),
  height: z.number().positive(),
  places: z.int().min(1),
  categories: z.array(category).min(1).max(32),
  /** Best first: best available tries them in this order. Together they cover 0..places-1 exactly. */
  sections: z.array(section).min(1).max(500),
  /** What the audience looks at. */
  stage: z.object({ outline: z.array(point).min(3).max(64), label: z.string().max(32) }),
});
export type Chart = z.output<typeof chart>;
