import * as z from 'zod';
import { bytes, type MessageDef } from '../messages/define.ts';
import { room } from '../messages/room.ts';
import { REJECT_CODES } from '../reject/index.ts';
import { ROLES } from '../words/accounts.ts';
import * as ids from '../words/ids.ts';
import { HOLD_ENDS, ORDER_STATES } from '../words/orders.ts';
import { code, table } from './markdown.ts';

/** Types that messages share, and what PROTOCOL.md calls them. */
const NAMED = new Map<unknown, readonly [name: string, meaning: string]>([
  [ids.eventId, ['event id', 'UUIDv7, lower case: a chart on sale']],
  [ids.userId, ['user id', 'UUIDv7, lower case']],
  [ids.orderId, ['order id', 'UUIDv7, lower case; also the idempotency key of its payment']],
  [ids.holdId, ['hold id', '22 base64url characters, unguessable: it is what its owner shows']],
  [ids.opId, ['op id', '8 to 40 characters of `A-Z a-z 0-9 _ -`, chosen by the client, one a command']],
  [ids.epoch, ['epoch', "22 base64url characters; another one whenever an event's live state is rebuilt"]],
  [ids.version, ['version', 'integer >= 0: transitions of the event since its epoch began']],
  [ids.place, ['place', `integer 0 to ${ids.MAX_PLACES - 1}: an index into the event's chart`]],
  [ids.timeMs, ['time', 'integer, epoch milliseconds of the server']],
  [
    ids.amount,
    [
      'amount',
      'integer >= 0, minor units of the currency by ISO 4217: cents of EUR, whole JPY, thousandths of KWD',
    ],
  ],
  [ids.currency, ['currency', 'ISO 4217, three capitals']],
  [room, ['room number', "integer: this session's short name for an event it joined"]],
  [bytes, ['bytes', 'msgpack bin']],
]);

const ENUMS = new Map<string, readonly [name: string, meaning: string]>([
  [ROLES.join(), ['role', ROLES.map(code).join(', ')]],
  [
    ORDER_STATES.join(),
    ['order status', `${ORDER_STATES.map(code).join(', ')}; only \`confirmed\` means sold`],
  ],
  [HOLD_ENDS.join(), ['hold end', HOLD_ENDS.map(code).join(', ')]],
  [REJECT_CODES.join(), ['reject code', 'one of the codes of [F6], as a string']],
]);

export function messagesTable(defs: readonly MessageDef[]): string {
  const rows = defs
    .toSorted((a, b) => a.code - b.code)
    .map((def) => [def.code, code(def.type), fieldList(def.fields), def.doc]);
  return table(['code', 'message', 'fields, in wire order', 'meaning'], rows);
}

export function typesTable(): string {
  const all = [...NAMED.values(), ...ENUMS.values()];
  return table(['type', 'form'], [...all]);
}

function fieldList(fields: z.ZodRawShape): string {
  return Object.entries(fields)
    .map(([name, schema]) => `${code(name)} ${typeName(schema)}`)
    .join(', ');
}

function typeName(schema: unknown): string {
  const named = NAMED.get(schema);
  if (named) return named[0];
  if (schema instanceof z.ZodNullable) return `${typeName(schema.unwrap())} or nil`;
  if (schema instanceof z.ZodArray) return `array${lengthOf(schema)} of ${typeName(schema.element)}`;
  if (schema instanceof z.ZodObject) return `[${fieldList(schema.shape)}]`;
  if (schema instanceof z.ZodEnum) {
    const shared = ENUMS.get(schema.options.join());
    if (!shared) throw new TypeError(`an enum without a name in PROTOCOL.md: ${schema.options.join()}`);
    return shared[0];
  }
  if (schema instanceof z.ZodNumber) return schema.isInt ? `integer${rangeOf(schema)}` : 'number';
  if (schema instanceof z.ZodString)
    return schema.maxLength === null ? 'string' : `string${charactersOf(schema)}`;
  if (schema instanceof z.ZodBoolean) return 'boolean';
  throw new TypeError('a field of a kind PROTOCOL.md has no words for');
}

function lengthOf(schema: z.ZodArray): string {
  const { minItems = 0, maxItems } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return maxItems === undefined ? '' : ` (${minItems} to ${maxItems})`;
}

function rangeOf(schema: z.ZodNumber): string {
  const { minValue, maxValue } = schema;
  if (maxValue === null || maxValue >= Number.MAX_SAFE_INTEGER) return '';
  return ` ${minValue} to ${maxValue}`;
}

function charactersOf({ minLength, maxLength }: z.ZodString): string {
  return ` (${minLength ?? 0} to ${maxLength} characters)`;
}
