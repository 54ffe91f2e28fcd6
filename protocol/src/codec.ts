/** Bytes <-> messages: msgpack positional arrays `[code, ...fields]`. Decoding is bounded before it allocates. */
import { decode, Encoder } from '@msgpack/msgpack';
import { DOWN, type Down } from './down.ts';
import type { MessageDef } from './messages/define.ts';
import { UP, type Up } from './up.ts';

export type Decoded<T> =
  | { readonly ok: true; readonly message: T }
  /** bad_frame: not msgpack within bounds. bad_message: msgpack, but none of ours. Both end the session with the close of that name. */
  | { readonly ok: false; readonly reason: 'bad_frame' | 'bad_message'; readonly detail: string };

const encoder = new Encoder({ useBigInt64: false });

const byType = new Map<string, MessageDef>();
for (const def of UP) byType.set(`up ${def.type}`, def);
for (const def of DOWN) byType.set(`down ${def.type}`, def);

function encode(direction: 'up' | 'down', message: Up | Down): Uint8Array {
  const def = byType.get(`${direction} ${message.type}`)!;
  const fields = message as unknown as Record<string, unknown>;
  return encoder.encode([def.code, ...Object.keys(def.fields).map((name) => fields[name])]);
}

function decodeWith<T>(defs: readonly MessageDef[], frame: Uint8Array): Decoded<T> {
  let value: unknown;
  try {
    value = decode(frame);
  } catch (error) {
    return { ok: false, reason: 'bad_frame', detail: String(error) };
  }
  if (!Array.isArray(value)) return { ok: false, reason: 'bad_message', detail: 'not an array' };
  const def = defs.find((d) => d.code === value[0]);
  if (!def) return { ok: false, reason: 'bad_message', detail: 'unknown code' };
  const entries = Object.keys(def.fields).map((name, i) => [name, value[i + 1]]);
  const parsed = def.schema.safeParse(Object.fromEntries(entries));
  if (!parsed.success) return { ok: false, reason: 'bad_message', detail: parsed.error.message };
  return { ok: true, message: { type: def.type, ...parsed.data } as T };
}

export const encodeUp = (message: Up): Uint8Array => encode('up', message);
export const encodeDown = (message: Down): Uint8Array => encode('down', message);
export const decodeUp = (frame: Uint8Array): Decoded<Up> => decodeWith<Up>(UP, frame);
export const decodeDown = (frame: Uint8Array): Decoded<Down> => decodeWith<Down>(DOWN, frame);
