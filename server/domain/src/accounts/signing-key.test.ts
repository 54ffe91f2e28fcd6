import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { developmentKey } from './signing-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatwire-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the development signing key', () => {
  test('the development signing key is made once, also when several processes start at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => developmentKey(join(folder, 'data'))));
    expect(new Set(keys.map((key) => key.id)).size).toBe(1);
    expect(await readdir(join(folder, 'data'))).toEqual(['signing-key.json']);
    expect((await developmentKey(join(folder, 'data'))).id).toBe(keys[0]!.id);
  });

  test('the development signing key is readable by its owner alone', async () => {
    await developmentKey(folder);
    expect((await stat(join(folder, 'signing-key.json'))).mode & 0o077).toBe(0);
  });

  test('a damaged development signing key is named, with what to do', async () => {
    await writeFile(join(folder, 'signing-key.json'), '{');
    await expect(developmentKey(folder)).rejects.toThrow(/signing-key\.json.*delete it/);
  });
});
