// What of the shell reaches npm start and npm test. A shell carries the settings of other programs: NODE_ENV, PGSSLMODE, proxies,
// DATABASE_URL. A list of what may pass is short and known; a list of what may not would never be complete.
import { accessSync, constants, statSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** What any program needs, or what its output depends on. */
const EVERYBODY = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'NODE_EXTRA_CA_CERTS'],
  ...['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'CI'],
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'],
];
/** Its own options are SEATWIRE_*; the addresses of stores it reads only to say that it leaves them alone. */
const LAUNCHER = ['PORT', 'REDIS_URL', 'DATABASE_URL', 'MONGO_URL'];
/** Programs that tests may be pointed at, and what building k6 needs. Tests hold in every time zone. */
const TESTS = ['CHROMIUM_BIN', 'LD_LIBRARY_PATH', 'K6_BIN', 'TZ', 'GITHUB_ACTIONS'];
const PREFIXES = ['SEATWIRE_', 'XDG_', 'GO'];

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/** @param {Environment} env @param {readonly string[]} more */
function known(env, more) {
  const names = new Set([...EVERYBODY, ...more]);
  const nameOf = (name) => (process.platform === 'win32' ? name.toUpperCase() : name);
  const passing = Object.entries(env).filter(
    ([name]) => names.has(nameOf(name)) || PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
  const scratch = isOurs(tmpdir()) ? { TMPDIR: tmpdir() } : {};
  // Node 24 can be told to send even loopback requests through a proxy.
  return { ...Object.fromEntries(passing), ...scratch, NO_PROXY: '*', no_proxy: '*' };
}

/** @param {string} folder */
function isOurs(folder) {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** @param {Environment} env */
export const launcherEnvironment = (env = process.env) => known(env, LAUNCHER);

/** @param {Environment} env */
export const testEnvironment = (env = process.env) => known(env, TESTS);

/** Of the compilers: NODE_ENV would make another web page. @param {Environment} env */
export const buildEnvironment = (env = process.env) => known(env, []);

/** Makes `environment` that of this very process. @param {Environment} environment */
export function takeOn(environment) {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

/** A umask that takes rights from ourselves would leave files nobody can read; what it says of others stays. */
export function keepOwnRights() {
  process.umask(process.umask(0o077) & 0o077);
}

/**
 * npm ci, whatever the shell or ~/.npmrc say of it: under NODE_ENV=production or omit=dev it would leave out what builds and
 * tests need. npm's other settings, such as a registry or a proxy, are the user's.
 * @param {Environment} env
 */
export function installation(env = process.env) {
  const { NODE_ENV: _, ...rest } = env;
  return {
    args: [
      'ci',
      '--include=dev',
      '--include=optional',
      '--include=peer',
      '--package-lock',
      '--no-global',
      '--no-dry-run',
    ],
    env: rest,
  };
}
