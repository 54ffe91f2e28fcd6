/**
 * The scripts as Redis gets them: one library of functions (FUNCTION LOAD), made of the `.lua` files under scripts/. A script is the
 * body of a function of KEYS and ARGV: one transition, all checks, then all writes, on keys of one hash tag. Its header's flags are
 * the function's: Redis refuses one that would exceed its memory before it starts, not in its middle; those that only free or must
 * not fail carry `allow-oom`.
 *
 * `-- include: <file>` puts the files named in front, once each. An include is local functions with parameters, or named values, at
 * the margin of a file. Includes without `.lua` are made from what TypeScript knows: see script-values.ts.
 *
 * As a library, includes are compiled once when it is loaded. A script that is sent by its digest (EVALSHA) makes its functions at each
 * call: a hold cost 14 % more that way. The library's and its functions' names carry the digest of its text, so another version's
 * library is another library: both stand beside each other, and a process never calls a function of a text that is not its own.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const SCRIPT_NAMES = [
  'hold',
  'hold-best',
  'hold-many',
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

export interface ScriptLibrary {
  readonly name: string;
  readonly lua: string;
  readonly functions: Readonly<Record<ScriptName, ScriptFunction>>;
}

export interface ScriptFunction {
  readonly name: string;
  /** As many as its header's KEYS line counts. */
  readonly numberOfKeys: number;
}

/** Libraries of ours begin so. */
export const LIBRARY_PREFIX = 'seats_';

const INCLUDE = /^-- include: (\S+)\n/gm;
const READ_FROM = new URL('./scripts/', import.meta.url);

/** The text of a file under scripts/. */
export function scriptFile(file: string): string {
  return readFileSync(new URL(file, READ_FROM), 'utf8');
}

/** `includes` stand for files of their name: what script-values.ts makes, and what a test puts in the place of a script's or an include's. */
export function scriptLibrary(includes: Readonly<Record<string, string>>): ScriptLibrary {
  const texts = SCRIPT_NAMES.map(
    (name) => [name, includes[`${name}.lua`] ?? scriptFile(`${name}.lua`)] as const,
  );
  const all = texts.map(([name, text]) => register(name, text)).join('');
  const lua = withoutComments(withIncludes(all, includes));
  const digest = createHash('sha1').update(lua).digest('hex').slice(0, 16);
  const named = texts.map(([name, text]) => {
    const numberOfKeys = numberOfKeysOf(text);
    return [name, { name: functionName(name).replace(DIGEST, digest), numberOfKeys }] as const;
  });
  const name = `${LIBRARY_PREFIX}${digest}`;
  return {
    name,
    lua: `#!lua name=${name}\n${lua.replaceAll(DIGEST, digest)}`,
    functions: Object.fromEntries(named) as ScriptLibrary['functions'],
  };
}

/** The includes of a text in front of it. */
export function withIncludes(text: string, includes: Readonly<Record<string, string>>): string {
  const seen = new Set<string>();
  const take = (part: string): { readonly front: string; readonly rest: string } => {
    const indented = /^[ \t]+-- include: .*$/m.exec(part);
    if (indented) throw new Error(`An include inside a function or a branch:${indented[0]}`);
    let front = '';
    const rest = part.replaceAll(INCLUDE, (_, file: string) => {
      if (seen.size < seen.add(file).size) {
        const included = take(includes[file] ?? scriptFile(file));
        front += included.front + included.rest;
      }
      return '';
    });
    return { front, rest };
  };
  const { front, rest } = take(text);
  return front + rest;
}

const DIGEST = '<digest>';

const functionName = (name: ScriptName): string => `${name.replaceAll('-', '_')}_${DIGEST}`;

function register(name: ScriptName, text: string): string {
  const [shebang, ...body] = text.split('\n');
  const flags = /^#!lua(?: flags=(\S+))?$/.exec(shebang!)?.[1]?.split(',') ?? [];
  const quoted = flags.map((flag) => `'${flag}'`).join();
  return (
    `redis.register_function{ function_name = '${functionName(name)}', flags = { ${quoted} }, ` +
    `callback = function(KEYS, ARGV)\n${body.join('\n')}end }\n`
  );
}

function numberOfKeysOf(text: string): number {
  const header = /^-- KEYS (.*?)(?: ARGV .*)?$/m.exec(text);
  if (!header) throw new Error('The script has no line `-- KEYS 1 <name> ...`.');
  return header[1]!.match(/\b\d+ /g)!.length;
}

// Comments are for readers: Redis would only keep and send them.
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(--.*)?$/.test(line))
    .join('\n');
}
