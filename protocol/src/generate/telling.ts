/** A told session as Markdown: a numbered step a message, with the bytes of the interesting ones field by field. */
import { encode } from '@msgpack/msgpack';
import type { MessageDef } from '../messages/define.ts';
import { DOWN } from '../messages/down.ts';
import { UP } from '../messages/up.ts';
import { encodeDown, encodeUp } from '../wire/codec.ts';
import { type Fields, fieldShapes, writeFields } from '../wire/wire-shape.ts';
import { hexOf } from './hex.ts';
import { code } from './markdown.ts';
import { messageOf, type Step } from './told-sessions.ts';

/** Bytes of a field that are shown; of a longer one the first. */
const SHOWN = 12;
const COLUMN = 3 * SHOWN + 3;

export function told(steps: readonly Step[]): string {
  return steps.map((step, i) => `${i + 1}. ${stepOf(step, `${i + 1}. `.length)}`).join('\n');
}

/** `indent`: what belongs to a list's item stands under its first word. */
function stepOf(step: Step, indent: number): string {
  const said = messageOf(step);
  if (said === null) return `*${step.says}*`;
  const { from, name, message } = said;
  const defs: readonly MessageDef[] = from === 'client' ? UP : DOWN;
  const def = defs.find(({ type }) => type === message.type)!;
  const line = `**${from}** ${code(message.type)}: ${step.says}`;
  if (!step.bytes) return line;
  const frame = from === 'client' ? encodeUp(message) : encodeDown(message);
  const lines = [
    `${`${frame.length} bytes`.padEnd(COLUMN)}vector "${name}"`,
    ...fieldLines(def, message, frame),
  ];
  const block = ['```', ...lines, '```'].map((text) => `${' '.repeat(indent)}${text}`);
  return [line, '', ...block, ''].join('\n');
}

/** One line for the array's head, and one a field. */
function fieldLines(def: MessageDef, message: object, frame: Uint8Array): string[] {
  const { names, shapes } = fieldShapes(def.fields);
  const wire = writeFields([def.code], names, shapes, message as Fields);
  const values = wire.map((value) => encode(value));
  const head = frame.subarray(0, frame.length - values.reduce((sum, { length }) => sum + length, 0));
  const parts = [head, ...values];
  if (parts.map(hexOf).join('') !== hexOf(frame)) throw new Error(`${def.type}: the frame is not its fields`);
  const meanings = [
    `array of ${wire.length}`,
    `code: ${def.code}, ${def.type}`,
    ...names.map((name, i) => `${name}: ${written(wire[i + 1])}`),
  ];
  return parts.map((part, i) => `${shownBytes(part).padEnd(COLUMN)}${meanings[i]}`);
}

function shownBytes(part: Uint8Array): string {
  const pairs = hexOf(part).match(/../g)!;
  return pairs.length <= SHOWN ? pairs.join(' ') : `${pairs.slice(0, SHOWN - 1).join(' ')} ..`;
}

function written(value: unknown): string {
  if (value === null) return 'nil';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  return JSON.stringify(value);
}
