import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheFolder } from './config.ts';
import { ElfError, lowerGlibcNeeds } from './elf.ts';
import { EmbeddedStoreError, folderError } from './error.ts';

/** A file of a pinned package, and the only content that may be patched. */
export interface PinnedFile {
  readonly path: string;
  readonly sha256: string;
}

// Raise when elf.ts changes what it writes: copies made by an earlier version are then left alone.
const PATCH_VERSION = '1';

/**
 * Copies of `files`, patched to run on a glibc older than 2.38, side by side in one cache folder under their own
 * names. Made once (about 0.3 s for 36 MB, later 0.1 s); parallel starts are safe, since the folder appears by one rename.
 * Answers the folder. Throws EmbeddedStoreError `binary_changed` when a file is not the one that was tried.
 */
export async function patchedCopies(files: readonly PinnedFile[]): Promise<string> {
  const key = createHash('sha256')
    .update(PATCH_VERSION)
    .update(files.map((file) => `${basename(file.path)} ${file.sha256}`).join('\n'))
    .digest('hex')
    .slice(0, 16);
  const cache = cacheFolder();
  const folder = join(cache, `glibc-${key}`);
  // Looked at each time: beside copies made earlier, another build may have been installed since.
  const originals = await Promise.all(files.map(readPinned));
  if (await exists(folder)) return folder;

  const scrap = `${folder}.${randomUUID()}`;
  try {
    await mkdir(scrap, { recursive: true });
    for (const [index, { path }] of files.entries()) {
      const copy = lowerGlibcNeeds(originals[index] as Buffer).file;
      await writeFile(join(scrap, basename(path)), copy, { mode: 0o755 });
    }
    await rename(scrap, folder);
  } catch (error) {
    await rm(scrap, { recursive: true, force: true });
    // Another start was quicker: a rename onto a folder with files in it is refused, and that folder is as good.
    if (await exists(folder)) return folder;
    throw error instanceof ElfError ? error : folderError(cache, error);
  }
  return folder;
}

async function readPinned(file: PinnedFile): Promise<Buffer> {
  const content = await readFile(file.path).catch((error: unknown) => {
    throw folderError(file.path, error);
  });
  const found = createHash('sha256').update(content).digest('hex');
  if (found === file.sha256) return content;
  throw new EmbeddedStoreError(
    'binary_changed',
    `${file.path} is not the file this was tested with (sha256 ${found.slice(0, 12)}..., expected ${file.sha256.slice(0, 12)}...). ` +
      'Remove node_modules and install again.',
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
