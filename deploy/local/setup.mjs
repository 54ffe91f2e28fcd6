// Makes a clone ready to run: installs from the lock file when node_modules does not match it, and builds what is stale.
// Plain Node, since it runs before anything is installed. Knows staleness by content hashes, so it is right after any
// checkout; about 0.1 s when there is nothing to do. One start at a time does the work, others wait for it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copyAssets } from '../../.ci/copy-assets.mjs';
import { buildEnvironment, installation, keepOwnRights } from './environment.mjs';
import { unsuitableNode } from './node-version.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const stateDir = join(root, '.cache', 'seatwire');
const builtFile = join(stateDir, 'built.json');
const installedFile = join(root, 'node_modules', '.seatwire-installed');
const lockDir = join(stateDir, 'setup.lock');

/** In the order of the arrows. `output`: what a build leaves behind; without it, the package counts as not built. */
const PACKAGES = [
  { dir: 'protocol', output: 'dist/index.js' },
  { dir: 'server/embedded', output: 'dist/index.js' },
  { dir: 'server/program', output: 'dist/index.js' },
  { dir: 'server/store', output: 'dist/index.js' },
  { dir: 'server/domain', output: 'dist/index.js' },
  { dir: 'server', output: 'dist/main.js' },
  { dir: 'worker', output: 'dist/main.js' },
  { dir: 'web-demo', output: 'dist/app/index.html' },
  { dir: 'loadtest', output: 'dist/main.js' },
  { dir: 'deploy/local', output: 'dist/main.js' },
  { dir: 'deploy/proof', output: 'dist/stage.js' },
];

/** Could not be made ready. The message is for people, and complete: it is printed without a stack. */
export class SetupError extends Error {}

/**
 * @param {{ progress?: (line: string) => void }} [options]
 * @throws {SetupError}
 */
export async function ensureReady({ progress = (line) => console.error(line) } = {}) {
  checkNode();
  if (isInstalled() && stalePackages().length === 0) return;
  const unlock = await lock(progress);
  try {
    if (!isInstalled()) await install(progress);
    await build(progress);
  } finally {
    unlock();
  }
}

function checkNode() {
  const [, file = '', ...args] = process.argv;
  const command = [relative(root, file).split(sep).join('/'), ...args].join(' ');
  const problem = unsuitableNode(process.versions.node, command);
  if (problem !== undefined) throw new SetupError(problem);
}

function isInstalled() {
  const lockFile = readFileSync(join(root, 'package-lock.json'));
  const wanted = sha256([lockFile, process.platform, process.arch]);
  if (readOr(installedFile) === wanted) return true;
  if (!matchesLock(JSON.parse(lockFile.toString()))) return false;
  // Installed by hand, with npm ci or npm install.
  writeFileSync(installedFile, wanted);
  return true;
}

/** Whether npm's own record of what lies in node_modules has all the lock file asks for. @param {any} lock */
function matchesLock(lock) {
  const record = readOr(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const { packages: found } = JSON.parse(record);
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    if (wanted.link) return existsSync(join(root, path, 'package.json'));
    if (found[path] === undefined) return Boolean(wanted.optional || wanted.devOptional);
    return found[path].version === wanted.version;
  });
}

/** @param {(line: string) => void} progress */
async function install(progress) {
  progress('Installing from package-lock.json: a minute or two ...');
  rmSync(installedFile, { force: true });
  const npmCli = process.env.npm_execpath;
  const [command, first] =
    npmCli && /npm-cli\.c?js$/.test(npmCli)
      ? [process.execPath, [npmCli]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  const { args, env } = installation();
  const code = await run(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    env,
  });
  if (code !== 0) {
    throw new SetupError(
      `npm ci ended with status ${code}: see above. It needs the npm registry; check the network, then start again.`,
    );
  }
  if (!isInstalled())
    throw new SetupError(
      'npm ci has run, but node_modules does not match package-lock.json. Remove it and start again.',
    );
}

/** @param {(line: string) => void} progress */
async function build(progress) {
  const stale = stalePackages();
  if (stale.length === 0) return;
  const began = performance.now();
  progress(`Building ${stale.map((name) => name.dir).join(', ')} ...`);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if ((await run(process.execPath, [tsc, '-b'])) !== 0)
    throw new SetupError('The sources do not compile: see above.');
  for (const { dir } of stale) await copyAssets(join(root, dir));
  if (stale.some(({ dir }) => dir === 'web-demo') && existsSync(join(root, 'web-demo/index.html'))) {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const cwd = join(root, 'web-demo');
    if ((await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd })) !== 0) {
      throw new SetupError('The web page could not be built: see above.');
    }
  }
  // Hashed before the build: a source saved meanwhile is stale still.
  const built = readBuilt();
  for (const { dir, hash } of stale) built[dir] = hash;
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(builtFile, `${JSON.stringify(built, null, 2)}\n`);
  progress(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
}

/** The packages whose sources, or whose dependencies' sources, are not those of the last build. */
function stalePackages() {
  const built = readBuilt();
  const common = sha256(
    ['.tsconfig.base.json', 'package-lock.json'].map((file) => readFileSync(join(root, file))),
  );
  const hashes = PACKAGES.map(({ dir }) => hashSources(join(root, dir)));
  return PACKAGES.flatMap(({ dir, output }, index) => {
    // Each package is taken to need all before it: coarser than the arrows, and never wrong.
    const hash = sha256([common, ...hashes.slice(0, index + 1)]);
    return built[dir] === hash && existsSync(join(root, dir, output)) ? [] : [{ dir, hash }];
  });
}

const SOURCE_FOLDERS = ['src', 'public', 'lib', 'scenarios', 'peers'];
const SOURCE_FILES = ['package.json', 'tsconfig.json', 'vite.config.ts', 'index.html'];

/** @param {string} dir */
function hashSources(dir) {
  const files = SOURCE_FILES.map((name) => join(dir, name));
  for (const folder of SOURCE_FOLDERS) {
    if (!existsSync(join(dir, folder))) continue;
    for (const entry of readdirSync(join(dir, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) files.push(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return sha256(
    files.sort().flatMap((file) => (existsSync(file) ? [file.slice(dir.length), readFileSync(file)] : [])),
  );
}

function readBuilt() {
  try {
    return JSON.parse(readFileSync(builtFile, 'utf8'));
  } catch {
    return {};
  }
}

/** Waits for its turn; answers how to end it. @param {(line: string) => void} progress */
async function lock(progress) {
  mkdirSync(dirname(lockDir), { recursive: true });
  const owner = join(lockDir, 'pid');
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(lockDir);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(lockDir, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST')
        throw new SetupError(`Cannot write in ${stateDir} (${error.code}). Check its owner and permissions.`);
    }
    const pid = Number(readOr(owner));
    // The number is written a moment after the folder is made: only a folder that stays without one is abandoned.
    if (pid ? !isAlive(pid) : waited > 20) {
      removeAbandoned(pid);
      continue;
    }
    if (waited % 100 === 20)
      progress(`Another start (process ${pid}) is installing or building; waiting for it ...`);
    await sleep(100);
  }
}

/** Removes the lock of a start that died; puts it back if meanwhile another one made it its own. @param {number} pid */
function removeAbandoned(pid) {
  const aside = `${lockDir}.${process.pid}`;
  try {
    renameSync(lockDir, aside);
    if (Number(readOr(join(aside, 'pid'))) === pid || !pid) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, lockDir);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: Readonly<Record<string, string | undefined>> }} [options]
 * @returns {Promise<number>} its exit status
 */
function run(command, args, { cwd = root, env = buildEnvironment() } = {}) {
  return new Promise((resolve, reject) => {
    // All it prints goes to standard error: standard output is for what was asked for.
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 2, 2],
      env: { ...env, PATH: pathWithNode() },
    });
    child.once('error', (error) => reject(new SetupError(`Cannot run ${command}: ${error.message}`)));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Install scripts call plain `node`, which may not be on PATH where npm was started by its full path. */
function pathWithNode() {
  return [process.env.PATH, dirname(process.execPath)].filter(Boolean).join(delimiter);
}

/** @param {string} file */
function readOr(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** @param {(string | Buffer)[]} parts */
function sha256(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part.length)).update('\0').update(part);
  return hash.digest('hex');
}

/** Runs a command's body; a SetupError is printed as its message alone. @param {() => Promise<void>} body */
export async function asCommand(body) {
  keepOwnRights();
  try {
    await body();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
