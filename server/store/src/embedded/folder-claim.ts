import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedStoreError, folderError } from './error.ts';
import { identify, isRunning, type ProcessId } from './process-table.ts';

/** The right to use a folder, until released or until this process ends. */
export interface FolderClaim {
  /** The folder's real path: links resolved, so it compares equal to what the process table shows. */
  readonly dir: string;
  release(): Promise<void>;
}

const LOCK = 'seatwire.lock';

/**
 * Claims a folder, creating it if needed. Refused with `folder_locked` while the claiming process of an earlier
 * claim lives; a claim whose process is gone is taken over, by one taker only.
 */
export async function claimFolder(path: string): Promise<FolderClaim> {
  let scrap: string | undefined;
  try {
    await mkdir(path, { recursive: true });
    const dir = await realpath(path);
    const lock = join(dir, LOCK);
    const own = JSON.stringify({ ...identify(process.pid), claim: randomUUID() });
    scrap = `${lock}.${randomUUID()}`;
    await writeFile(scrap, own, { mode: 0o644 });
    // A hard link appears whole or not at all, so nobody ever reads a half-written lock.
    while (!(await linked(scrap, lock))) await removeStale(dir, lock);
    return { dir, release: () => release(lock, own) };
  } catch (error) {
    throw folderError(path, error);
  } finally {
    if (scrap) await rm(scrap, { force: true }).catch(() => undefined);
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(dir: string, lock: string): Promise<void> {
  const seen = await readLock(lock);
  if (seen === undefined) return;
  const owner = parseOwner(seen);
  if (owner && isRunning(owner)) {
    throw new EmbeddedStoreError(
      'folder_locked',
      `The folder ${dir} is in use by ${owner.pid === process.pid ? 'this very process' : `another start (process ${owner.pid})`}. ` +
        'Stop that one first, or use another folder.',
    );
  }
  // Two takers may both have seen the dead owner. Renaming lets one of them have the file; if it turns out
  // to hold a claim newer than the one judged dead, it is put back.
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readLock(aside)) !== seen) await linked(aside, lock);
  await rm(aside, { force: true });
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseOwner(text: string): ProcessId | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<ProcessId>;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

async function release(lock: string, own: string): Promise<void> {
  if ((await readLock(lock)) === own) await rm(lock, { force: true });
}
