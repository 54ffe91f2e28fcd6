/** Random messages for property tests, derived from the schemas, so that a new field is covered without anybody remembering. */
import fc from 'fast-check';
import * as z from 'zod';
import type { MessageDef } from '../messages/define.ts';

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Any message of this definition. */
export function messageArbitrary(def: MessageDef): fc.Arbitrary<{ type: string }> {
  const fields = fromJsonSchema(z.toJSONSchema(def.schema, { unrepresentable: 'any' }) as JsonSchema);
  return fields.map((values) => ({ type: def.type, ...(values as object) }));
}

function fromJsonSchema(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fromJsonSchema));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.maxSafeInteger().map((n) => clamp(n, schema));
    case 'number':
      // Plus 0, because -0 has no form of its own on the wire.
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0);
    case 'string':
      return stringOf(schema);
    case 'array':
      return fc.array(fromJsonSchema(schema.items!), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 40, 40),
      });
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(schema.properties!).map(([name, s]) => [name, fromJsonSchema(s)])),
      );
    case undefined:
      return fc.uint8Array({ maxLength: 300 });
    default:
      throw new TypeError(`no arbitrary for ${schema.type}`);
  }
}

function clamp(
  n: number,
  { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: JsonSchema,
) {
  if (n >= minimum && n <= maximum) return n;
  return minimum + (Math.abs(n) % (Math.min(maximum - minimum, Number.MAX_SAFE_INTEGER - 1) + 1));
}

function stringOf({ pattern, minLength = 0, maxLength = 300 }: JsonSchema): fc.Arbitrary<string> {
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  // No lone surrogates: they have no UTF-8 form, so they cannot come back as they went.
  return fc
    .string({ unit: 'grapheme', minLength, maxLength })
    .filter((s) => s.length >= minLength && s.length <= maxLength);
}
