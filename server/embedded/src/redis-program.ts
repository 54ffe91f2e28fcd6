import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment, searchPath } from './config.ts';
import { EmbeddedStoreError, unsupportedPlatform } from './error.ts';
import { patchedCopies } from './patched-copy.ts';

const run = promisify(execFile);

const OLDEST_MAJOR = 7;
const PACKAGE = '@falkordblite/linux-x64';
// bin/redis-server of version 8.2.3-falkordb.4.16.3: an unmodified Redis 8.2.3. Its module file is not loaded.
const SHA256 = '3bdd6a27b4c4e70b9e91054b57eeadf0184e749b2926cb089c787d85823b684b';

let found: Promise<string> | undefined;

/**
 * The Redis program to run: redis-server or valkey-server >= 7 on PATH, else the one npm brings, patched if the
 * loader refuses it. Looked for once a process.
 */
export function redisProgram(): Promise<string> {
  found ??= findRedis();
  found.catch(() => {
    found = undefined;
  });
  return found;
}

async function findRedis(): Promise<string> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of searchPath()) {
      const file = join(folder, name);
      if ((await isExecutable(file)) && ((await majorVersion(file)) ?? 0) >= OLDEST_MAJOR) return file;
    }
  }
  return packagedRedis();
}

async function packagedRedis(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw unsupportedPlatform(
      'Redis',
      'npm brings one for Linux on x64 only; a redis-server 7 or newer on PATH would do.',
    );
  }
  let file: string;
  try {
    file = join(
      dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)),
      'bin',
      'redis-server',
    );
    await access(file);
  } catch (cause) {
    throw new EmbeddedStoreError(
      'binary_missing',
      `No redis-server on PATH, and the package ${PACKAGE} is not installed. ` +
        'Run npm ci (without --omit=optional), install redis-server, or set SEATWIRE_REDIS_URL.',
      { cause },
    );
  }
  if (await majorVersion(file)) return file;
  const copy = join(await patchedCopies([{ path: file, sha256: SHA256 }]), 'redis-server');
  try {
    await askVersion(copy);
    return copy;
  } catch (cause) {
    throw unsupportedPlatform(
      'Redis',
      `the system's loader refused it (${lastLine((cause as { stderr?: string }).stderr)}).`,
      cause,
    );
  }
}

/** 8 for "Redis server v=8.2.3 ..." and "Valkey server v=8.0.1 ..."; undefined if the program does not run. */
async function majorVersion(file: string): Promise<number | undefined> {
  try {
    const [, major] = /\bv=(\d+)\./.exec(await askVersion(file)) ?? [];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

/** Run as it will be later: with a store's environment, not the shell's. */
async function askVersion(file: string): Promise<string> {
  return (await run(file, ['--version'], { timeout: 10_000, env: childEnvironment({}) })).stdout;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastLine(text: string | undefined): string {
  return text?.trim().split('\n').at(-1) ?? 'no reason given';
}
