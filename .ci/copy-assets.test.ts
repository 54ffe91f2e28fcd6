import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyAssets } from './copy-assets.mjs';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'seatwire-assets-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function write(path: string, text = path): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
}

test('scripts, migrations and child programs are copied, sources are not', async () => {
  await write('src/seats/hold.lua');
  await write('src/postgres/0001_first.sql');
  await write('src/embedded/child.mjs');
  await write('src/index.ts');
  expect(await copyAssets(dir)).toBe(3);
  expect(
    (await readdir(join(dir, 'dist'), { recursive: true })).filter((name) => /\.\w+$/.test(name)).sort(),
  ).toEqual(['embedded/child.mjs', 'postgres/0001_first.sql', 'seats/hold.lua']);
});

test('a renamed migration leaves no copy to be run a second time, and the built page is left alone', async () => {
  await write('dist/postgres/0001_old_name.sql');
  await write('dist/app/chunk.mjs');
  await write('dist/index.js');
  await write('src/postgres/0001_new_name.sql');
  await copyAssets(dir);
  expect(await readdir(join(dir, 'dist/postgres'))).toEqual(['0001_new_name.sql']);
  expect(await readFile(join(dir, 'dist/app/chunk.mjs'), 'utf8')).toBe('dist/app/chunk.mjs');
  expect(await readdir(join(dir, 'dist'))).toContain('index.js');
});
