import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from './child.ts';
import { searchPath } from './config.ts';
import { EmbeddedStoreError, rootNeedsOpenFolder } from './error.ts';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root. When this process is root, the user to run it as: the owner of `dataDir` if that is
 * somebody else already, else `postgres`, else `nobody`. No user is created. Undefined when not root.
 */
export function unprivilegedUser(dataDir: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(dataDir);
  if (owner && owner.uid !== 0) return owner;
  const users = readUsers();
  const user = users.get('postgres') ?? users.get('nobody');
  if (user) return user;
  throw new EmbeddedStoreError(
    'user_unsuitable',
    'Postgres does not run as root, and this system has neither a user "postgres" nor "nobody" to run it as. ' +
      'Start as another user, or set SEATWIRE_DATABASE_URL.',
  );
}

/**
 * The command as `user`. Where that user may not enter one of the `paths` (a clone under /root, or in a folder made by
 * mktemp), the program is let through by one capability, dac_override, so that no folder's permissions are changed.
 * Postgres looks before it enters, by access(2), which heeds capabilities only under no_setuid_fixup.
 */
export function commandAs(user: SystemUser | undefined, command: Command, paths: readonly string[]): Command {
  if (!user) return command;
  const closed = paths.map((path) => closedAncestor(path, user)).find((path) => path !== undefined);
  if (closed === undefined) return { ...command, ...user };
  const setpriv = findProgram('setpriv');
  if (!setpriv) {
    throw rootNeedsOpenFolder(closed, 'setpriv, which would let it through, is not installed');
  }
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const capability = [
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--securebits=+no_setuid_fixup',
  ];
  return { ...command, file: setpriv, args: [...identity, ...capability, command.file, ...command.args] };
}

function ownerOf(path: string): SystemUser | undefined {
  try {
    const { uid, gid } = statSync(path);
    return { uid, gid };
  } catch {
    return undefined;
  }
}

function readUsers(): Map<string, SystemUser> {
  const users = new Map<string, SystemUser>();
  let table = '';
  try {
    table = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return users;
  }
  for (const line of table.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return users;
}

/** The nearest folder above `path` that `user` may not enter. */
function closedAncestor(path: string, user: SystemUser): string | undefined {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    const { mode, uid, gid } = statSync(dir);
    const enter = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & enter) === 0) return dir;
    if (dirname(dir) === dir) return undefined;
  }
}

function findProgram(name: string): string | undefined {
  return searchPath()
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
