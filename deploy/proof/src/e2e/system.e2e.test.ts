/** `startSystem`, which every end-to-end test stands on; also in production mode, as the container images run the programs. */
import { execSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT, ProgramError, startSystem } from '@seatwire/local';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from './until.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'seatwire-production-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const status = async (url: string) => (await fetch(url, { signal: AbortSignal.timeout(5000) })).status;

test('without a signing key the server does not start, and the error names the option', async () => {
  const start = startSystem({ dataDir: dir, workers: 0, env: { NODE_ENV: 'production' } });
  await expect(start).rejects.toThrow(ProgramError);
  await expect(start).rejects.toThrow(/gave up at start \(status \d+\)[\s\S]*SIGNING_KEY/);
});

test("with a key made by env.example's own command, two servers of two processes each and two workers run", async () => {
  const example = readFileSync(join(PROJECT, 'deploy', 'container', 'env.example'), 'utf8');
  const command = /^# +(node -e .+)$/m.exec(example)![1]!;
  const key = execSync(command, { encoding: 'utf8' }).trim();
  const system = await startSystem({
    dataDir: dir,
    servers: 2,
    workers: 2,
    processes: 2,
    env: { NODE_ENV: 'production', SIGNING_KEY: key },
  });
  try {
    expect(new Set(system.servers.map((server) => server.url)).size).toBe(2);
    for (const { url } of [...system.servers, ...system.workers])
      expect(await status(`${url}/readyz`)).toBe(200);
    // What fault tests rely on: a crash takes the forked processes along, and the port is there again after.
    const [server] = system.servers;
    await server!.kill();
    expect(server!.running).toBe(false);
    await expect(status(`${server!.url}/healthz`)).rejects.toThrow();
    await server!.restart();
    expect(await status(`${server!.url}/readyz`)).toBe(200);
  } finally {
    await system.stop();
  }
  await expect(status(`${system.url}/healthz`)).rejects.toThrow();
});

test('each store can be killed and started again on its port and data', async () => {
  const system = await startSystem({ dataDir: dir });
  try {
    for (const store of [system.redis, system.postgres, system.mongo]) {
      const { url } = store;
      await store.kill();
      await store.restart();
      expect(store.url).toBe(url);
    }
    await until('ready again', 20_000, async () => (await status(`${system.url}/readyz`)) === 200);
  } finally {
    await system.stop();
  }
});
