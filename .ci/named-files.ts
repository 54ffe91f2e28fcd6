/**
 * Names of files, folders and tests that documents and comments give, held against what is there: a name that misleads is worse than none.
 *
 * In Markdown: files anywhere in the text, folders and tests in code, links and their anchors, and each test of a column "shown by".
 * In comments of the code: files. A name is found from the folder of the text and from each folder above it (or its src), or, if it has a
 * slash, as the end of any path; a document may name any file without its folder. Built files are held against their sources.
 */
import { posix } from 'node:path';

export interface Text {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface FalseName {
  readonly path: string;
  readonly line: number;
  readonly name: string;
}

/** Extensions of our sources: in a comment, a name that ends so is a file of ours. */
const SOURCE = /\.(?:tsx?|mts|mjs|lua|sql|py|md)$/;
/** In a document, these too. */
const ASSET = /\.(?:json|ya?ml|html|css|png|mod|sum)$/;
const BUILT = /^(.+)\/dist\/(.+)\.js$/;
const TEST = /^[a-z0-9-]+\.(?:redis|pg|mongo|e2e|browser)$/;
/** What a run leaves behind, and what lies in folders that git ignores. */
const MADE = /(?:^|\/)(?:report\.html|summary\.json)$|^(?:dist|node_modules|\.data|\.cache)(?:\/|$)/;
/** A migration never changes, its comments included; the changelog tells of what was. */
const HISTORY = /\/migrations\/\d+_.*\.sql$|^CHANGELOG\.md$/;

/** Where a comment begins with #. */
const HASH = /\.(?:py|ya?ml)$|^\.ci\/|\/Dockerfile/;

/** A path's letters, not part of an address, a route, an option or a package's name. */
const WORD = /(?<![\w@/:.$<>{}*-])[\w.-]+(?:\/[\w.*-]+)*\/?(?![\w/@<>{}*…])/g;

export class Repository {
  readonly #paths: ReadonlySet<string>;
  readonly #list: readonly string[];

  /** `files`: paths relative to the project's root. */
  constructor(files: readonly string[]) {
    const paths = new Set(files);
    for (const file of files)
      for (let dir = posix.dirname(file); dir !== '.'; dir = posix.dirname(dir)) paths.add(dir);
    this.#paths = paths;
    this.#list = [...paths];
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** As named by a text in `from`. */
  finds(from: string, name: string, anywhere: boolean): boolean {
    const wanted = name.replace(/\/$/, '');
    if (wanted.includes('*')) return this.#matches(wanted);
    const built = BUILT.exec(wanted);
    if (built) return this.#built(built[1]!, built[2]!);
    for (let dir = posix.dirname(from); ; dir = posix.dirname(dir)) {
      if (['', 'src'].some((below) => this.has(posix.join(dir, below, wanted)))) return true;
      if (dir === '.') break;
    }
    return (anywhere || wanted.includes('/')) && this.#list.some((path) => path.endsWith(`/${wanted}`));
  }

  findsTest(name: string): boolean {
    const file = new RegExp(`(?:^|/)${name.replaceAll('.', '\\.')}(?:\\.[a-z0-9]+)?\\.test\\.tsx?$`);
    return this.#list.some((path) => file.test(path));
  }

  #matches(pattern: string): boolean {
    const form = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
    const path = new RegExp(`(?:^|/)${form.join('[^/]*')}$`);
    return this.#list.some((one) => path.test(one));
  }

  #built(room: string, inside: string): boolean {
    return ['src/', ''].some((folder) =>
      ['.ts', '.tsx', '.mjs'].some((extension) => this.has(`${room}/${folder}${inside}${extension}`)),
    );
  }
}

export function falseNames(repository: Repository, { path, text }: Text): FalseName[] {
  if (HISTORY.test(path)) return [];
  const names = path.endsWith('.md')
    ? namesInDocument(repository, path, text)
    : namesInCode(repository, path, text);
  return names.map(([line, name]) => ({ path, line, name }));
}

type Named = readonly [line: number, name: string];

function namesInCode(repository: Repository, path: string, text: string): Named[] {
  const found: Named[] = [];
  for (const [line, comment] of comments(path, text)) {
    for (const name of words(comment)) {
      if (!SOURCE.test(name) && !BUILT.test(name)) continue;
      const document = name.endsWith('.md');
      if (!MADE.test(name) && !repository.finds(path, name, document)) found.push([line, name]);
    }
  }
  return found;
}

/** Comments by line: whole lines, and what follows code after a space. */
function comments(path: string, text: string): Named[] {
  const hash = HASH.test(path);
  const whole = hash ? /^\s*#/ : /^\s*(?:\*|\/\/|\/\*|--)/;
  const trailing = hash ? /\s# .*$/ : /\s(?:\/\/|\/\*\*?|--) .*$/;
  return text.split('\n').flatMap((line, i) => {
    const comment = whole.test(line) ? line : trailing.exec(line)?.[0];
    return comment === undefined ? [] : [[i + 1, comment] as const];
  });
}

function namesInDocument(repository: Repository, path: string, text: string): Named[] {
  const found: Named[] = [];
  let fenced = false;
  let shownBy = -1;
  text.split('\n').forEach((line, i) => {
    const wrong = (name: string) => found.push([i + 1, name]);
    const fence = /^\s*```/.test(line);
    if (fence) fenced = !fenced;
    const code = fenced ? [line] : [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    for (const name of words(line)) {
      const file = SOURCE.test(name) || ASSET.test(name) || BUILT.test(name);
      if (file && !MADE.test(name) && !repository.finds(path, name, true)) wrong(name);
    }
    for (const name of code.flatMap(words)) {
      if (TEST.test(name) && !repository.findsTest(name)) wrong(name);
      const folder = name.endsWith('/') || (name.includes('/') && repository.has(name.split('/')[0]!));
      if (folder && !fileLike(name) && !MADE.test(name) && !repository.finds(path, name, true)) wrong(name);
    }
    if (!fenced) for (const target of links(line)) if (!linked(repository, path, text, target)) wrong(target);
    // A column of tests: every word of code in it is one.
    const cells = line.startsWith('|') ? line.split('|') : [];
    if (cells.length === 0) shownBy = -1;
    const head = cells.findIndex((cell) => cell.trim() === 'shown by');
    if (head >= 0) shownBy = head;
    for (const [, name] of (cells[shownBy] ?? '').matchAll(/`([^`/]+)`/g))
      if (!TEST.test(name!) && !repository.findsTest(name!)) wrong(name!);
  });
  return found;
}

const fileLike = (name: string) => SOURCE.test(name) || ASSET.test(name) || BUILT.test(name);

/** Without the stop or comma that ends a sentence. What begins with a dot is an ending, not a name. */
function words(text: string): string[] {
  const all = [...text.replaceAll(/\]\([^)]*\)/g, ']').matchAll(WORD)].map(([word]) =>
    word.replace(/\.+$/, ''),
  );
  return all.filter((word) => /^(?:\.\w+\/|\w)/.test(word) && !word.startsWith('-'));
}

function links(line: string): string[] {
  return [...line.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((to) => !/^[a-z]+:/.test(to));
}

function linked(repository: Repository, path: string, text: string, target: string): boolean {
  const [file, anchor] = target.split('#') as [string, string | undefined];
  if (file !== '') return repository.has(posix.join(posix.dirname(path), file));
  return headings(text).includes(anchor ?? '');
}

/** As GitHub makes anchors of them. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
