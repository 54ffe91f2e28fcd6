/**
 * Bytes <-> messages: msgpack positional arrays `[code, ...fields]`, objects inside as positional arrays too.
 * A frame is scanned against its direction's bounds before anything is allocated for it. What a client says is then validated
 * in full by its schema; what a server says is checked for its kind only, so a client pays for no validator on hot messages.
 */
import { Decoder, Encoder } from '@msgpack/msgpack';
import type { MessageDef } from '../messages/define.ts';
import { DOWN, type Down } from '../messages/down.ts';
import { UP, type Up } from '../messages/up.ts';
import {
  MAX_DOWN_ARRAY,
  MAX_DOWN_BYTES,
  MAX_DOWN_DEPTH,
  MAX_DOWN_ELEMENTS,
  MAX_UP_ARRAY,
  MAX_UP_BYTES,
  MAX_UP_DEPTH,
  MAX_UP_ELEMENTS,
} from '../words/limits.ts';
import { type Bounds, scan } from './scan.ts';
import { type Fields, fieldShapes, MISFIT, readFields, type WireShape, writeFields } from './wire-shape.ts';

export type Decoded<T> =
  | { readonly ok: true; readonly message: T }
  /** bad_frame: not msgpack within bounds. bad_message: msgpack, but none of ours. Both end the session with the close of that name. */
  | { readonly ok: false; readonly reason: 'bad_frame' | 'bad_message'; readonly detail: string };

interface WireMessage {
  readonly def: MessageDef;
  readonly names: readonly string[];
  readonly shapes: readonly WireShape[];
}

// Both keep their buffers between calls (10x for the encoder); everything here is synchronous, so sharing them is safe.
const encoder = new Encoder();
const decoder = new Decoder();

class Direction<T extends { readonly type: string }> {
  readonly #byType = new Map<string, WireMessage>();
  readonly #byCode = new Map<unknown, WireMessage>();
  readonly #bounds: Bounds;
  readonly #validate: boolean;

  constructor(defs: readonly MessageDef[], bounds: Bounds, validate: boolean) {
    this.#bounds = bounds;
    this.#validate = validate;
    for (const def of defs) {
      const wired = { def, ...fieldShapes(def.fields) };
      this.#byType.set(def.type, wired);
      this.#byCode.set(def.code, wired);
    }
  }

  encode(message: T): Uint8Array<ArrayBuffer> {
    const { def, names, shapes } = this.#byType.get(message.type)!;
    return encoder.encode(writeFields([def.code], names, shapes, message as unknown as Fields));
  }

  /** Null when the message may be sent; otherwise what is wrong with it. */
  check(message: T): string | null {
    const { def } = this.#byType.get(message.type)!;
    return complaint(def, message);
  }

  decode(frame: Uint8Array): Decoded<T> {
    const refusal = scan(frame, this.#bounds);
    if (refusal !== null) return { ok: false, reason: 'bad_frame', detail: refusal };
    const wire = decoder.decode(frame);
    if (!Array.isArray(wire)) return bad('not an array');
    const wired = this.#byCode.get(wire[0]);
    if (wired === undefined) return bad('unknown code');
    const { def, names, shapes } = wired;
    const message = readFields({ type: def.type }, names, shapes, wire, 1);
    if (message === MISFIT) return bad(`${def.type}: a field is missing, superfluous or of another kind`);
    const broken = this.#validate ? complaint(def, message) : null;
    if (broken !== null) return bad(broken);
    return { ok: true, message: message as unknown as T };
  }
}

/** Never echoes a value: a token must not reach a log. */
function complaint(def: MessageDef, message: unknown): string | null {
  const verdict = def.schema.safeParse(message);
  if (verdict.success) return null;
  const issue = verdict.error.issues[0]!;
  return `${def.type}.${issue.path.join('.')}: ${issue.message}`;
}

function bad(detail: string): Decoded<never> {
  return { ok: false, reason: 'bad_message', detail };
}

const up = new Direction<Up>(
  UP,
  { bytes: MAX_UP_BYTES, array: MAX_UP_ARRAY, elements: MAX_UP_ELEMENTS, depth: MAX_UP_DEPTH },
  true,
);
const down = new Direction<Down>(
  DOWN,
  { bytes: MAX_DOWN_BYTES, array: MAX_DOWN_ARRAY, elements: MAX_DOWN_ELEMENTS, depth: MAX_DOWN_DEPTH },
  false,
);

export const encodeUp = (message: Up): Uint8Array<ArrayBuffer> => up.encode(message);
export const encodeDown = (message: Down): Uint8Array<ArrayBuffer> => down.encode(message);
/** What a server would close the session for: null, or the first fault of a message not yet sent. */
export const checkUp = (message: Up): string | null => up.check(message);
/** Never throws, whatever the bytes. */
export const decodeUp = (frame: Uint8Array): Decoded<Up> => up.decode(frame);
/** Never throws. Byte fields are views of `frame`: copy one to keep it longer than the frame. */
export const decodeDown = (frame: Uint8Array): Decoded<Down> => down.decode(frame);
