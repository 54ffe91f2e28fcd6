/** README's client in ten lines, run as it stands there, by plain Node, from the built packages. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type System, startSystem } from '@seatwire/local';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hall, openHall } from './hall.ts';
import { signIn } from './rest.ts';
import { until } from './until.ts';

const README = fileURLToPath(new URL('../../../../README.md', import.meta.url));
// Inside the repository, where the packages can be found; the folder is ignored by git.
const SCRIPT = fileURLToPath(new URL('../../dist/readme-example.mjs', import.meta.url));

let dataDir: string;
let system: System;
let hall: Hall;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'seatwire-readme-'));
  system = await startSystem({
    dataDir,
    env: { LOG_LEVEL: 'warn' },
    seed: async (urls) => {
      hall = await openHall(urls, { rows: 4, seatsPerRow: 10, buyers: 1 });
    },
  });
});
afterAll(async () => {
  await system?.stop();
  await rm(dataDir, { recursive: true, force: true });
  await rm(SCRIPT, { force: true });
});

test('the client in README joins, holds, pays, and hears that the places are confirmed', async () => {
  const blocks = [...(await readFile(README, 'utf8')).matchAll(/```js\n([\s\S]*?)```/g)].map(
    (match) => match[1]!,
  );
  expect(blocks).toHaveLength(1);
  await writeFile(SCRIPT, blocks[0]!);
  const child = spawn(process.execPath, [SCRIPT], {
    env: {
      ...process.env,
      SEATWIRE_URL: `${system.url.replace(/^http/, 'ws')}/ws`,
      SEATWIRE_TOKEN: await signIn(system.url, hall.buyers[0]!),
      SEATWIRE_EVENT: hall.event,
    },
  });
  let printed = '';
  child.stdout.on('data', (data) => {
    printed += data;
  });
  child.stderr.on('data', (data) => {
    printed += data;
  });
  try {
    await until('the order is confirmed', 15_000, () => printed.includes('confirmed [')).catch((error) => {
      throw new Error(`it printed only:\n${printed}`, { cause: error });
    });
    expect(printed).toContain('40 of 40 places are free');
    expect(printed).toMatch(/version \d+: changed \[/);
  } finally {
    child.kill();
  }
});
