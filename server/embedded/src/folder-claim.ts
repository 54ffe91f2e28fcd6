import { randomInt, randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedStoreError, folderError } from './error.ts';
import { identify, isRunning, type ProcessId } from './process-table.ts';

/** The right to use a folder, until released or until this process ends. */
export interface FolderClaim {
  /** The folder's real path: links resolved, so it compares equal to what the process table shows. */
  readonly dir: string;
  release(): Promise<void>;
}

// seatwire-<pid>-<start time>-<claim>.lock: all it says is in its name, so it appears whole or not at all.
const LOCK = /^seatwire-(\d+)-([^-]+)-[0-9a-f-]{36}\.lock$/;

/**
 * Claims a folder, creating it if needed. Refused with `folder_locked` while another claim's process lives; the lock of
 * a dead one is removed.
 *
 * Each claimant puts down a lock of its own and only then looks for others, so of two at once at least one sees the
 * other and steps back. A lock is removed by its owner, or when its owner is dead: never a living one's, since no two
 * locks share a name. A claimant gives up only if another is there, so one of them always gets the folder.
 */
export async function claimFolder(path: string): Promise<FolderClaim> {
  try {
    await mkdir(path, { recursive: true });
    const dir = await realpath(path);
    const self = identify(process.pid);
    if (!self) throw new Error('this process is not in the process table');
    for (;;) {
      const holder = await livingHolder(dir);
      if (holder) throw locked(dir, holder);
      const own = `seatwire-${self.pid}-${encodeURIComponent(self.startedAt).replaceAll('-', '%2D')}-${randomUUID()}.lock`;
      await writeFile(join(dir, own), '', { flag: 'wx' });
      const release = () => rm(join(dir, own), { force: true });
      if (!(await livingHolder(dir, own))) return { dir, release };
      await release();
      await sleep(randomInt(1, 30));
    }
  } catch (error) {
    throw folderError(path, error);
  }
}

/** The process of another lock in the folder, if it lives. Locks of the dead are removed on the way. */
async function livingHolder(dir: string, except?: string): Promise<ProcessId | undefined> {
  for (const name of await readdir(dir)) {
    const [, pid, startedAt] = LOCK.exec(name) ?? [];
    if (pid === undefined || startedAt === undefined || name === except) continue;
    const owner = { pid: Number(pid), startedAt: decodeURIComponent(startedAt) };
    if (isRunning(owner)) return owner;
    await rm(join(dir, name), { force: true });
  }
  return undefined;
}

function locked(dir: string, holder: ProcessId): EmbeddedStoreError {
  const who = holder.pid === process.pid ? 'this very process' : `another start (process ${holder.pid})`;
  return new EmbeddedStoreError(
    'folder_locked',
    `The folder ${dir} is in use by ${who}. Stop that one first, or use another folder.`,
  );
}
