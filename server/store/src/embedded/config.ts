import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders searched for programs, in order. */
export function searchPath(): string[] {
  return (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean);
}

/** This process's environment with some variables set: what a child process is started with. */
export function environmentWith(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
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
