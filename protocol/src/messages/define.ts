/**
 * How a message is written down: one definition gives the schema, the TypeScript type, the wire order and the row in PROTOCOL.md.
 * Zod is imported as a namespace in this package: its named export `z` brings every locale into a page's bundle (42 KB gzipped
 * for the whole client this way, 108 KB that way).
 */
import * as z from 'zod';
import type { RejectCode } from '../reject/index.ts';
import type { Access, Idempotence } from '../words/access.ts';

export interface MessageDef<Type extends string = string, Fields extends z.ZodRawShape = z.ZodRawShape> {
  readonly type: Type;
  /** First element of the positional array on the wire. Unique per direction; never reused. */
  readonly code: number;
  /** One sentence for PROTOCOL.md. */
  readonly doc: string;
  /** In wire order. New fields go last. Absent is `null`, never `undefined`. */
  readonly fields: Fields;
  readonly schema: z.ZodObject<Fields>;
}

/** A message that is answered, under its op. */
export interface CommandDef<
  Type extends string = string,
  Fields extends z.ZodRawShape = z.ZodRawShape,
  Who extends Access = Access,
> extends MessageDef<Type, Fields> {
  readonly access: Who;
  readonly idempotent: Idempotence;
  /** What it may be refused with, beside what its access says and any command may be. */
  readonly refusals: readonly RejectCode[];
}

/** Distributes over a union of definitions, so that `Up` and `Down` are discriminated by `type`. */
export type Message<D extends MessageDef> = D extends MessageDef
  ? { readonly type: D['type'] } & Readonly<z.output<D['schema']>>
  : never;

export function define<const Type extends string, Fields extends z.ZodRawShape>(def: {
  type: Type;
  code: number;
  doc: string;
  fields: Fields;
}): MessageDef<Type, Fields> {
  return { ...def, schema: z.object(def.fields) };
}

export function defineCommand<
  const Type extends string,
  Fields extends z.ZodRawShape,
  const Who extends Access,
>(def: Omit<CommandDef<Type, Fields, Who>, 'schema'>): CommandDef<Type, Fields, Who> {
  return { ...def, schema: z.object(def.fields) };
}

/** Byte string on the wire (msgpack bin). */
export const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);
