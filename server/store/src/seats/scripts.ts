/**
 * The Lua scripts as Redis gets them: each `.lua` file under scripts/, its `-- include:` lines replaced by the file named.
 * A script is one transition: all checks, then all writes, on keys of one hash tag. `#!lua` makes Redis refuse a script that
 * would run out of memory before it starts, not in its middle; those that only free or must not fail carry `allow-oom`.
 */
import { readFileSync } from 'node:fs';

/** Script -> its number of keys. */
export const SCRIPT_KEYS = {
  hold: 6,
  'hold-best': 6,
  extend: 6,
  release: 6,
  checkout: 6,
  revert: 6,
  confirm: 7,
  cancel: 7,
  block: 6,
  expire: 6,
  due: 1,
  snapshot: 2,
  since: 2,
  holds: 1,
  freeze: 1,
  rules: 1,
  rebuild: 10,
} as const;
export type ScriptName = keyof typeof SCRIPT_KEYS;
export const SCRIPT_NAMES = Object.keys(SCRIPT_KEYS) as ScriptName[];

const INCLUDE = /^ *-- include: (\S+)$/gm;

/** `instead` replaces includes by other text: tests put a clock of their own in the place of `lib/clock.lua`. */
export function scriptText(name: ScriptName, instead: Readonly<Record<string, string>> = {}): string {
  const read = (file: string) => readFileSync(new URL(`./scripts/${file}`, import.meta.url), 'utf8');
  const include = (text: string): string =>
    text.replaceAll(INCLUDE, (_, file: string) => instead[file] ?? include(read(file)));
  return withoutComments(include(read(`${name}.lua`)));
}

// Comments are for readers: Redis would only hash and send them.
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(--.*)?$/.test(line))
    .join('\n');
}
