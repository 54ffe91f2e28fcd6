// Copies what a package runs but tsc does not emit (*.lua, *.sql, *.mjs) from src to dist, and removes from dist what
// src no longer has: a leftover migration would be run. As a command: for the package in the current folder.
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXTENSIONS = new Set(['.lua', '.sql', '.mjs']);

/** @param {string} packageDir */
export async function copyAssets(packageDir) {
  const [src, dist] = [join(packageDir, 'src'), join(packageDir, 'dist')];
  const wanted = new Set(await assetsUnder(src));
  for (const leftover of await assetsUnder(dist)) {
    if (!wanted.has(leftover) && !isBundle(leftover)) await rm(join(dist, leftover));
  }
  for (const asset of wanted) {
    await mkdir(dirname(join(dist, asset)), { recursive: true });
    await copyFile(join(src, asset), join(dist, asset));
  }
  return wanted.size;
}

/** The built web page lies in dist/app, and is vite's own. @param {string} file */
function isBundle(file) {
  return file.startsWith(`app${sep}`);
}

/** @param {string} dir @returns {Promise<string[]>} paths relative to dir */
async function assetsUnder(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name)))
    .map((entry) => relative(dir, join(entry.parentPath ?? entry.path, entry.name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await copyAssets(process.cwd());
