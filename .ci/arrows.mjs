// The import arrows of ARCHITECTURE.md, checked: npm run arrows.
//
//   protocol, program <- store <- domain <- { server, worker }    web-demo, loadtest -> protocol
//   deploy/local -> protocol, store <- deploy/proof      embedded imports nothing of ours; only development and tests import it
//   inside the server: { gateway, http } -> every other folder, never back; the files of src compose them all
//
//   inside every workspace no circle, neither of files nor of the folders (nouns) in its src
//
// Files are read by a real parser, so imports of types, re-exports, import() and require() count, and comments do not.
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'rolldown/utils';
import { filesOf, readSource } from './files.mjs';

/** Rooms by folder, longest first, and what each may import of the others. */
const ROOMS = [
  { dir: 'server/embedded', name: '@seatwire/embedded', may: [] },
  { dir: 'server/program', name: '@seatwire/program', may: [] },
  { dir: 'server/store', name: '@seatwire/store', may: ['@seatwire/protocol', '@seatwire/program'] },
  {
    dir: 'server/domain',
    name: '@seatwire/domain',
    may: ['@seatwire/protocol', '@seatwire/program', '@seatwire/store'],
  },
  {
    dir: 'deploy/local',
    name: '@seatwire/local',
    may: ['@seatwire/protocol', '@seatwire/program', '@seatwire/store'],
  },
  {
    dir: 'deploy/proof',
    name: '@seatwire/proof',
    may: ['@seatwire/protocol', '@seatwire/program', '@seatwire/store', '@seatwire/local'],
  },
  { dir: 'protocol', name: '@seatwire/protocol', may: [] },
  {
    dir: 'server',
    name: '@seatwire/server',
    may: ['@seatwire/protocol', '@seatwire/program', '@seatwire/store', '@seatwire/domain'],
  },
  {
    dir: 'worker',
    name: '@seatwire/worker',
    may: ['@seatwire/protocol', '@seatwire/program', '@seatwire/store', '@seatwire/domain'],
  },
  { dir: 'web-demo', name: '@seatwire/web-demo', may: ['@seatwire/protocol'] },
  { dir: 'loadtest', name: '@seatwire/loadtest', may: ['@seatwire/protocol'] },
  { dir: '.ci', name: '.ci', may: ['@seatwire/protocol', '@seatwire/program'] },
];

/** They run before anything is installed, so they find each other by path. */
const PLAIN_NODE = /^(\.ci|deploy\/local)\/[a-z-]+\.mjs$/;
const EDGE = ['gateway', 'http'];
const SOCKET_ENGINES =
  /^(uWebSockets\.js|socket\.io|@socket\.io\/redis-adapter|socket\.io-msgpack-parser)(\/|$)/;
/** Production does not install it: the server asks for it only where the system refuses the socket engine. */
const EMBEDDED = '@seatwire/embedded';
const MAY_EMBED =
  /\.test\.ts$|\/testing\/|bench\.ts$|\/campaign\.ts$|^deploy\/|^loadtest\/peers\/engine\.ts$|^server\/src\/engine\/uws\.ts$/;
const TEST = /\.test\.[a-z]+$|\/testing\//;

/**
 * @typedef {{ path: string, text: string }} Source a path relative to the project's root, with forward slashes
 * @typedef {{ path: string, line: number, message: string }} Violation
 * @typedef {{ from: string, to: string, line: number }} Arrow an import inside a workspace
 */

/** @param {Iterable<Source>} sources @returns {Violation[]} */
export function checkArrows(sources) {
  const violations = [];
  /** @type {Arrow[]} */
  const inside = [];
  for (const { path, text } of sources) {
    const room = ROOMS.find(({ dir }) => path.startsWith(`${dir}/`));
    if (!room) continue;
    const { imports, readsEnvironment, errors } = read(path, text);
    const at = (offset) => text.slice(0, offset).split('\n').length;
    const found = (offset, message) => violations.push({ path, line: at(offset), message });
    for (const error of errors) found(0, `cannot be parsed: ${error}`);
    for (const { specifier, offset, typeOnly } of imports) {
      const message = judge(path, room, specifier, typeOnly);
      if (message) found(offset, message);
      if (specifier.startsWith('.'))
        inside.push({ from: path, to: targetOf(path, specifier), line: at(offset) });
    }
    const mayReadEnvironment =
      TEST.test(path) || /(^|\/)config\.ts$/.test(path) || !path.startsWith(`${room.dir}/src/`);
    if (!mayReadEnvironment) {
      for (const offset of readsEnvironment) found(offset, 'process.env is read in config.ts files only');
    }
  }
  return [...violations, ...circles(inside, (path) => path), ...circles(inside, nounOf)];
}

/** The file that a relative import names. @param {string} path @param {string} specifier */
function targetOf(path, specifier) {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

/** `server/domain/src/holds` for whatever lies in it. A file of src itself composes the folders, and a test may use any. @param {string} path */
function nounOf(path) {
  return TEST.test(path) ? undefined : /^.*?\/src\/[^/]+(?=\/)/.exec(path)?.[0];
}

/**
 * An arrow that can be followed back to where it begins, one a circle.
 * @param {Arrow[]} arrows @param {(path: string) => string | undefined} nodeOf @returns {Violation[]}
 */
function circles(arrows, nodeOf) {
  /** @type {Map<string, Map<string, Arrow>>} */
  const next = new Map();
  for (const arrow of arrows) {
    const [from, to] = [nodeOf(arrow.from), nodeOf(arrow.to)];
    if (from === undefined || to === undefined || from === to) continue;
    if (!next.has(from)) next.set(from, new Map());
    if (!next.get(from).has(to)) next.get(from).set(to, arrow);
  }
  const violations = [];
  const known = new Set();
  for (const start of next.keys()) {
    const way = known.has(start) ? null : wayBack(start, next);
    if (!way) continue;
    for (const node of way) known.add(node);
    const { from, line } = next.get(start).get(way[0]);
    violations.push({ path: from, line, message: `a circle: ${[start, ...way].join(' -> ')}` });
  }
  return violations;
}

/** The shortest way from `start` to itself. @param {string} start @param {Map<string, Map<string, Arrow>>} next */
function wayBack(start, next) {
  const ways = [...(next.get(start)?.keys() ?? [])].map((node) => [node]);
  const seen = new Set();
  for (const way of ways) {
    const node = way.at(-1);
    if (node === start) return way;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const further of next.get(node)?.keys() ?? []) ways.push([...way, further]);
  }
  return null;
}

/** @param {string} path @param {typeof ROOMS[number]} room @param {string} specifier @param {boolean} typeOnly */
function judge(path, room, specifier, typeOnly) {
  if (/(^|\/)dist\//.test(specifier) && path !== 'deploy/local/start.mjs')
    return `${specifier}: built files are not imported`;
  if (specifier.startsWith('.')) {
    const target = targetOf(path, specifier);
    const owner = ROOMS.find(({ dir }) => target.startsWith(`${dir}/`));
    if (owner !== room && !(PLAIN_NODE.test(path) && PLAIN_NODE.test(target)))
      return `${specifier}: leaves ${room.dir}/; packages import each other by name`;
    return judgeInsideServer(path, target);
  }
  const ours = ROOMS.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  // A package's own tests may use its public entries.
  if (ours?.name === EMBEDDED && ours !== room)
    return MAY_EMBED.test(path) ? undefined : `${specifier}: only development and tests import it`;
  if (ours && ours !== room && !room.may.includes(ours.name)) {
    return `${specifier}: ${room.dir} may import ${room.may.join(' and ') || 'nothing of ours'}`;
  }
  if (room.dir === 'protocol' && specifier.startsWith('node:') && !TEST.test(path)) {
    return `${specifier}: protocol runs in browsers and k6 too, so it imports nothing of Node`;
  }
  if (SOCKET_ENGINES.test(specifier) && !/^server\/src\/(gateway|engine)\//.test(path)) {
    const typesInHttp = typeOnly && path.startsWith('server/src/http/');
    // The peers are services of their own, built on those engines to be measured beside ours.
    const peer = path.startsWith('loadtest/peers/');
    if (!typesInHttp && !peer) return `${specifier}: only gateway and engine import the socket engines`;
  }
  return undefined;
}

/** @param {string} path @param {string} target both relative to the project's root */
function judgeInsideServer(path, target) {
  const [from, to] = [serverFolder(path), serverFolder(target)];
  if (!from || !to || from === '.') return undefined;
  if (EDGE.includes(to) && from !== to && !TEST.test(path))
    return `${target}: ${from} knows nothing of ${to}`;
  if (to === '.' && /\/main\.ts$/.test(target)) return `${target}: nothing imports the composition root`;
  return undefined;
}

/** 'rooms' for server/src/rooms/..., '.' for a file directly in server/src, undefined elsewhere. @param {string} path */
function serverFolder(path) {
  if (!path.startsWith('server/src/')) return undefined;
  const [folder, ...rest] = path.slice('server/src/'.length).split('/');
  return rest.length === 0 ? '.' : folder;
}

/** @param {string} path @param {string} text */
function read(path, text) {
  const { program, module, errors } = parseSync(path, text);
  const imports = module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    offset: moduleRequest.start,
    typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  }));
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest)
        imports.push({ specifier: moduleRequest.value, offset: moduleRequest.start, typeOnly: isType });
    }
  }
  const readsEnvironment = [];
  const addLiteral = (node, typeOnly) => {
    if (typeof node?.value === 'string')
      imports.push({ specifier: node.value, offset: node.start, typeOnly });
  };
  new Visitor({
    ImportExpression: (node) => addLiteral(node.source, false),
    TSImportType: (node) => addLiteral(node.source ?? node.argument?.literal, true),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require')
        addLiteral(node.arguments[0], false);
    },
    MemberExpression: (node) => {
      const name = node.computed ? node.property.value : node.property.name;
      if (node.object.type === 'Identifier' && node.object.name === 'process' && name === 'env')
        readsEnvironment.push(node.start);
    },
  }).visit(program);
  return { imports, readsEnvironment, errors: errors.map((error) => error.message) };
}

/** Every source file of the repository. @param {string} root @returns {Source[]} */
export function readSources(root) {
  const source = (path) => /\.(m|c)?(j|t)sx?$/.test(path) && !path.endsWith('.d.mts');
  return ROOMS.filter(({ dir }) => !dir.startsWith('server/'))
    .flatMap(({ dir }) => filesOf(root, dir))
    .filter(source)
    .map((path) => readSource(root, path));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sources = readSources(join(dirname(fileURLToPath(import.meta.url)), '..'));
  const violations = checkArrows(sources);
  for (const { path, line, message } of violations) console.error(`${path}:${line}: ${message}`);
  console.log(`import arrows: ${sources.length} files, ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
