/** README's client in ten lines, run as it stands there, by plain Node, from the built packages. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type System, startSystem } from '@seatwire/local';
import { uuidv7 } from '@seatwire/protocol';
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

/** Runs the block as README says, until it ends by itself. */
async function run(env: Record<string, string>): Promise<{ code: number | null; printed: string }> {
  const blocks = [...(await readFile(README, 'utf8')).matchAll(/```js\n([\s\S]*?)```/g)].map(
    (match) => match[1]!,
  );
  expect(blocks).toHaveLength(1);
  await writeFile(SCRIPT, blocks[0]!);
  const child = spawn(process.execPath, [SCRIPT], { env: { ...process.env, ...env } });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      printed += data;
    });
  }
  let code: number | null | undefined;
  child.on('exit', (status) => {
    code = status;
  });
  try {
    await until('it ended', 60_000, () => code !== undefined).catch((error) => {
      throw new Error(`it printed only:\n${printed}`, { cause: error });
    });
    return { code: code ?? null, printed };
  } finally {
    child.kill();
  }
}

const token = () => signIn(system.url, hall.buyers[0]!);

test('[CD25] the client in README joins, holds, pays, hears that the places are confirmed, and ends', async () => {
  const { code, printed } = await run({
    SEATWIRE_URL: system.url,
    SEATWIRE_TOKEN: await token(),
    SEATWIRE_EVENT: hall.event,
  });
  expect(printed).toContain('confirmed [');
  expect(printed).toContain('40 of 40 places are free');
  expect(printed).toMatch(/version \d+: changed \[/);
  expect(code).toBe(0);
});

test('[CD25] with a wrong event or port it says so, and ends', async () => {
  const wrongEvent = await run({
    SEATWIRE_URL: system.url,
    SEATWIRE_TOKEN: await token(),
    SEATWIRE_EVENT: uuidv7(),
  });
  expect(wrongEvent.printed).toContain('unknown_event: ');
  expect(wrongEvent.code).toBe(1);
  // Nobody listens at port 1.
  const wrongPort = await run({
    SEATWIRE_URL: 'http://127.0.0.1:1',
    SEATWIRE_TOKEN: 'none',
    SEATWIRE_EVENT: hall.event,
  });
  expect(wrongPort.printed).toContain('unavailable: ');
  expect(wrongPort.code).toBe(1);
});
