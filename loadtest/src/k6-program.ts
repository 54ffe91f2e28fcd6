/** Finds k6, or builds the pinned one: K6_BIN, else k6 on PATH, else what was built before, else Go builds it once. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environmentWith, type Surroundings } from './config.ts';

/** k6/websockets, which the scenarios stand on, is there from 1.0 on. */
const OLDEST_K6 = [1, 0] as const;
/** As the pinned module's go.mod asks. */
const OLDEST_GO = [1, 25] as const;
const ASK_MS = 15_000;
const BUILD_MS = 15 * 60_000;

/** There is no usable k6 and no way to make one. The message says what to do. */
export class NoK6 extends Error {
  override readonly name = 'NoK6';
}

export interface K6Search extends Surroundings {
  /** Folder of go.mod and go.sum. */
  readonly module: string;
  readonly cache: string;
  readonly progress: (line: string) => void;
}

/** Path of a k6 that can be run, built if need be. Throws `NoK6`. */
export async function findK6(search: K6Search): Promise<string> {
  const present = await presentK6(search);
  if (present !== null) return present;
  const go = await findGo(search.path);
  if (typeof go !== 'string') throw new NoK6(`${go.problem} ${WAYS}`);
  const built = builtK6(search);
  await build(go, search.module, built, search.progress);
  return built;
}

/** Path of a k6 that is there already; null when there is none. Throws `NoK6` when K6_BIN names something else. */
export async function presentK6(search: K6Search): Promise<string | null> {
  if (search.k6Bin !== undefined) {
    const problem = await unsuitable(search.k6Bin);
    if (problem === null) return search.k6Bin;
    throw new NoK6(`K6_BIN names ${search.k6Bin}, which ${problem}. Correct it, or unset it.`);
  }
  const onPath = findProgram('k6', search.path);
  if (onPath !== null) {
    const problem = await unsuitable(onPath);
    if (problem === null) return onPath;
    search.progress(`${onPath} ${problem}; looking further`);
  }
  const built = builtK6(search);
  return isProgram(built) ? built : null;
}

/** Where the pinned one lies once it is built. */
const builtK6 = ({ cache, module }: K6Search): string => join(cache, moduleHash(module), 'k6');

const WAYS = `The load test needs k6 ${OLDEST_K6.join('.')} or newer. Either
  - install k6 so that it is on PATH, or name it in K6_BIN, or
  - install Go ${OLDEST_GO.join('.')} or newer, and the pinned k6 is built on the first run (about a minute).`;

/** Null when this k6 will do, else what is wrong with it. */
async function unsuitable(k6: string): Promise<string | null> {
  if (!isProgram(k6)) return 'is not a program that can be run';
  const version = await ask(k6, ['version'], /k6(?:\.exe)? v?(\d+)\.(\d+)/);
  if (version === null) return 'does not say that it is k6';
  return isAtLeast(version, OLDEST_K6)
    ? null
    : `is k6 ${version.join('.')}, older than ${OLDEST_K6.join('.')}`;
}

async function findGo(path: readonly string[]): Promise<string | { problem: string }> {
  const go = findProgram('go', path);
  if (go === null) return { problem: 'There is neither k6 nor Go on this machine.' };
  const version = await ask(go, ['version'], /go version go(\d+)\.(\d+)/);
  if (version !== null && isAtLeast(version, OLDEST_GO)) return go;
  return {
    problem: `There is no k6, and ${go} is ${version === null ? 'broken' : `Go ${version.join('.')}`}.`,
  };
}

/** First executable file of that name in these folders. */
function findProgram(name: string, path: readonly string[]): string | null {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return path.map((folder) => join(folder, file)).find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Major and minor of what the program says of itself; null when it says nothing of the kind. */
async function ask(program: string, args: string[], pattern: RegExp): Promise<[number, number] | null> {
  try {
    // Go would otherwise fetch a newer self where a go.mod asks for one.
    const env = environmentWith({ GOTOOLCHAIN: 'local' });
    const { stdout } = await promisify(execFile)(program, args, { timeout: ASK_MS, env });
    const [, major, minor] = pattern.exec(stdout) ?? [];
    return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
  } catch {
    return null;
  }
}

const isAtLeast = ([major, minor]: readonly [number, number], [a, b]: readonly [number, number]): boolean =>
  major > a || (major === a && minor >= b);

/** Another pin is another program. */
export function moduleHash(module: string): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(module, file)));
  return hash.digest('hex').slice(0, 16);
}

async function build(
  go: string,
  module: string,
  target: string,
  progress: (line: string) => void,
): Promise<void> {
  progress('building k6 with Go, this first time only (about a minute)');
  const began = performance.now();
  const elapsed = () => `${Math.round((performance.now() - began) / 1000)} s`;
  const ticking = setInterval(() => progress(`building k6: ${elapsed()}`), 10_000);
  mkdirSync(join(target, '..'), { recursive: true });
  // Built aside and renamed, so that a run cut short or another at the same time leaves no half a program.
  const aside = `${target}.${process.pid}`;
  try {
    const child = spawn(go, ['build', '-o', aside, 'go.k6.io/k6/v2'], {
      cwd: module,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environmentWith({ GOTOOLCHAIN: 'local', GOWORK: 'off' }),
      timeout: BUILD_MS,
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4000);
    });
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (status !== 0)
      throw new NoK6(
        `Go could not build k6 (status ${status}). It needs the network for the modules. It said:\n${said.trim()}`,
      );
    renameSync(aside, target);
    progress(`k6 built in ${elapsed()}`);
  } finally {
    clearInterval(ticking);
    rmSync(aside, { force: true });
  }
}
