// The repository's own files, as its tools read them: without what git ignores.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const IGNORED = new Set(['node_modules', 'dist', '.git', '.data', '.cache', 'coverage', '__pycache__']);

/**
 * Paths relative to `root`, with forward slashes: all there are, or those below a folder of it.
 * @param {string} root @param {string} [below] @returns {string[]}
 */
export function filesOf(root, below = '') {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    if (IGNORED.has(entry.name)) return [];
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? filesOf(root, path) : [path];
  });
}

/** @param {string} root @param {string} path relative to it */
export function readSource(root, path) {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}
