import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const onWindows = process.platform === 'win32';

/** The folders searched for programs, in order. */
export function searchPath(): string[] {
  return (process.env.PATH ?? (onWindows ? '' : '/usr/local/bin:/usr/bin:/bin'))
    .split(delimiter)
    .filter(Boolean);
}

/**
 * What a child takes over from the shell: where programs, home and certificates are, and what Windows insists on. Anything
 * else could decide how a store or a server behaves: LANG and LC_* (a locale that was never generated stops Redis), PG*,
 * NODE_ENV and NODE_OPTIONS, proxies, LD_LIBRARY_PATH (in whose libraries Postgres's own would be missed), TZ, DEBUG.
 */
const TAKEN_OVER = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'NODE_EXTRA_CA_CERTS'],
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'],
];

/** All a child process is started with: little of the shell, a locale every system has, and `extra`. */
export function childEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TMPDIR: scratchFolder() };
  if (onWindows) environment.TEMP = scratchFolder();
  for (const [name, value] of Object.entries(process.env)) {
    if (TAKEN_OVER.includes(onWindows ? name.toUpperCase() : name)) environment[name] = value;
  }
  return { ...environment, ...extra };
}

/** The shell's folder for temporary files, unless it is missing or closed to us: then the system's. */
export function scratchFolder(): string {
  return [tmpdir(), '/tmp', '/var/tmp'].find(isOurs) ?? tmpdir();
}

/** The same, if paths in it can be short: a unix socket's is at most 107 bytes long. */
export function shortScratchFolder(most: number): string {
  const folder = scratchFolder();
  return Buffer.byteLength(folder) <= most || !isOurs('/tmp') ? folder : '/tmp';
}

function isOurs(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** Where patched copies of programs are kept: under the project, or the user's own cache outside a project. */
export function cacheFolder(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  for (let up = dirname(dir); up !== dir; dir = up, up = dirname(dir)) {
    const manifest = join(dir, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'seatwire') {
      return join(dir, '.cache', 'seatwire');
    }
  }
  return join(homedir(), '.cache', 'seatwire');
}
