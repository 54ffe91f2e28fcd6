/**
 * How the value of a schema travels: objects as positional arrays in the order of their fields, at any depth, everything else
 * as it is. Built once per schema; reading also checks the *kind* of each value (not its range), which is all a client needs
 * of a server it chose, and what keeps a stranger's bytes from becoming an object of another form.
 */
import * as z from 'zod';

/** What `read` gives for a value that is not of the kind. */
export const MISFIT: unique symbol = Symbol('misfit');

export interface WireShape {
  /** Null: the value travels as it is. */
  readonly write: ((value: unknown) => unknown) | null;
  readonly read: (wire: unknown) => unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Throws for a kind of schema the wire has no form for: a defect in a message's definition. */
export function wireShape(schema: unknown): WireShape {
  if (schema instanceof z.ZodObject) return objectShape(schema.shape);
  if (schema instanceof z.ZodArray) return arrayShape(wireShape(schema.element));
  if (schema instanceof z.ZodNullable) return nullableShape(wireShape(schema.unwrap()));
  if (schema instanceof z.ZodEnum) {
    const options = new Set<unknown>(schema.options);
    return plain((wire) => options.has(wire));
  }
  if (schema instanceof z.ZodString) return plain((wire) => typeof wire === 'string');
  if (schema instanceof z.ZodBoolean) return plain((wire) => typeof wire === 'boolean');
  if (schema instanceof z.ZodNumber) return plain(schema.isInt ? Number.isSafeInteger : Number.isFinite);
  if (schema instanceof z.ZodCustom) return plain((wire) => wire instanceof Uint8Array);
  throw new TypeError(`no wire form for this schema: ${String(schema)}`);
}

function plain(fits: (wire: unknown) => boolean): WireShape {
  return { write: null, read: (wire) => (fits(wire) ? wire : MISFIT) };
}

function nullableShape(inner: WireShape): WireShape {
  const { write, read } = inner;
  return {
    write: write && ((value) => (value === null ? null : write(value))),
    read: (wire) => (wire === null ? null : read(wire)),
  };
}

function arrayShape(inner: WireShape): WireShape {
  const { write, read } = inner;
  return {
    write: write && ((value) => (value as readonly unknown[]).map(write)),
    read(wire) {
      if (!Array.isArray(wire)) return MISFIT;
      for (let i = 0; i < wire.length; i++) {
        const value = read(wire[i]);
        if (value === MISFIT) return MISFIT;
        wire[i] = value;
      }
      return wire;
    },
  };
}

function objectShape(shape: z.ZodRawShape): WireShape {
  const { names, shapes } = fieldShapes(shape);
  return {
    write: (value) => writeFields([], names, shapes, value as Fields),
    read: (wire) => (Array.isArray(wire) ? readFields({}, names, shapes, wire, 0) : MISFIT),
  };
}

export interface FieldShapes {
  readonly names: readonly string[];
  readonly shapes: readonly WireShape[];
}

/** The fields of an object in wire order. */
export function fieldShapes(shape: z.ZodRawShape): FieldShapes {
  return { names: Object.keys(shape), shapes: Object.values(shape).map(wireShape) };
}

/** Appends each field's wire form to `wire`, and returns it. */
export function writeFields(
  wire: unknown[],
  names: readonly string[],
  shapes: readonly WireShape[],
  value: Fields,
): unknown[] {
  for (let i = 0; i < names.length; i++) {
    const field = value[names[i]!];
    const write = shapes[i]!.write;
    wire.push(write === null ? field : write(field));
  }
  return wire;
}

/** Sets each field on `into` from `wire`, whose first field stands at `offset`; MISFIT unless all are there, fit, and nothing follows. */
export function readFields(
  into: Record<string, unknown>,
  names: readonly string[],
  shapes: readonly WireShape[],
  wire: readonly unknown[],
  offset: number,
): Record<string, unknown> | typeof MISFIT {
  if (wire.length !== names.length + offset) return MISFIT;
  for (let i = 0; i < names.length; i++) {
    const value = shapes[i]!.read(wire[i + offset]);
    if (value === MISFIT) return MISFIT;
    into[names[i]!] = value;
  }
  return into;
}
