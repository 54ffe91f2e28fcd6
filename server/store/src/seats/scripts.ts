/**
 * The Lua scripts as Redis gets them: each `.lua` file under scripts/, its `-- include:` lines replaced by the file named, once each.
 * An include is local functions with parameters, or named values; it stands at the margin, never inside a function or a branch. Those
 * without `.lua` are made from what TypeScript knows: see script-values.ts.
 * A script is one transition: all checks, then all writes, on keys of one hash tag. `#!lua` makes Redis refuse a script that
 * would run out of memory before it starts, not in its middle; those that only free or must not fail carry `allow-oom`.
 */
import { readFileSync } from 'node:fs';

export const SCRIPT_NAMES = [
  'hold',
  'hold-best',
  'extend',
  'release',
  'checkout',
  'revert',
  'confirm',
  'cancel',
  'block',
  'expire',
  'due',
  'snapshot',
  'since',
  'holds',
  'freeze',
  'rules',
  'rebuild',
] as const;
export type ScriptName = (typeof SCRIPT_NAMES)[number];

export interface Script {
  readonly lua: string;
  /** As many as its header's KEYS line counts. */
  readonly numberOfKeys: number;
}

const INCLUDE = /^-- include: (\S+)\n/gm;
const READ_FROM = new URL('./scripts/', import.meta.url);

/** The text of a file under scripts/. */
export function scriptFile(file: string): string {
  return readFileSync(new URL(file, READ_FROM), 'utf8');
}

/** `includes` stand for files of their name: what script-values.ts makes, and what a test puts in a file's place. */
export function script(name: ScriptName, includes: Readonly<Record<string, string>>): Script {
  const text = scriptFile(`${name}.lua`);
  return { lua: withoutComments(withIncludes(text, includes)), numberOfKeys: keysOf(text) };
}

export function withIncludes(text: string, includes: Readonly<Record<string, string>>): string {
  const seen = new Set<string>();
  const include = (part: string): string => {
    const indented = /^[ \t]+-- include: .*$/m.exec(part);
    if (indented) throw new Error(`An include inside a function or a branch:${indented[0]}`);
    return part.replaceAll(INCLUDE, (_, file: string) => {
      if (seen.size === seen.add(file).size) return '';
      return include(includes[file] ?? scriptFile(file));
    });
  };
  return include(text);
}

function keysOf(text: string): number {
  const header = /^-- KEYS (.*?)(?: ARGV .*)?$/m.exec(text);
  if (!header) throw new Error('The script has no line `-- KEYS 1 <name> ...`.');
  return header[1]!.match(/\b\d+ /g)!.length;
}

// Comments are for readers: Redis would only hash and send them.
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(--.*)?$/.test(line))
    .join('\n');
}
