import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exitOf } from './child.ts';
import { claimFolder } from './folder-claim.ts';
import { identify, isRunning } from './process-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const lockOf = (id: { pid: number; startedAt: string } | undefined) =>
  writeFile(
    join(folder.path, `seatwire-${id?.pid}-${encodeURIComponent(id?.startedAt ?? '')}-${randomUUID()}.lock`),
    '',
  );

test('a claimed folder is refused until it is released, and nothing is left behind', async () => {
  const claim = await claimFolder(folder.path);
  await expect(claimFolder(folder.path)).rejects.toMatchObject({ code: 'folder_locked' });
  await claim.release();
  expect(await readdir(folder.path)).toEqual([]);
  await (await claimFolder(folder.path)).release();
});

test('the refusal names the process that has it', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  try {
    await lockOf(identify(other.pid as number));
    await expect(claimFolder(folder.path)).rejects.toThrow(`process ${other.pid}`);
  } finally {
    other.kill('SIGKILL');
    await exitOf(other);
  }
  await (await claimFolder(folder.path)).release();
});

test('a number used again by a later process does not keep a dead claim alive', async () => {
  await lockOf({ pid: process.pid, startedAt: 'another boot:1' });
  await (await claimFolder(folder.path)).release();
  expect(await readdir(folder.path)).toEqual([]);
});

test('of 50 that take over a dead claim at once, one gets the folder', async () => {
  for (let round = 0; round < 20; round++) {
    await lockOf({ pid: 2 ** 22 - 1, startedAt: 'gone:1' });
    const takers = await Promise.allSettled(Array.from({ length: 50 }, () => claimFolder(folder.path)));
    const winners = takers.filter((taker) => taker.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await readdir(folder.path)).toHaveLength(1);
    await winners[0]?.value.release();
  }
});

test('a path below a file cannot be claimed, and the message names it', async () => {
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  await expect(claimFolder(join(file, 'below'))).rejects.toMatchObject({
    code: 'folder_unusable',
    message: expect.stringContaining(file),
  });
});

test('a process is told from an ended one, a zombie included', async () => {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  const id = identify(child.pid as number);
  if (!id) throw new Error('a child that was just started has no identity');
  expect(isRunning(id)).toBe(true);
  await exitOf(child);
  expect(isRunning(id)).toBe(false);
});
