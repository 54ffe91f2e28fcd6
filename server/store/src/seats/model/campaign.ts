/**
 * The comparison of model and scripts, for as long as wanted: `npm run campaign -w server/store -- --runs 100000 [--seed N]`.
 * Starts a Redis of its own; prints progress, and on a difference the shortest sequence of commands with its seed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis } from '@seatwire/embedded';
import { compare } from './compare.ts';
import { openOnVirtualClock } from './virtual-clock.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string' } },
});
const runs = Number(values.runs);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);

const dir = await mkdtemp(join(tmpdir(), 'seatwire-campaign-'));
const server = await startRedis({ dir, appendfsync: 'no' });
const { store, clock } = await openOnVirtualClock({ url: server.url });
let done = 0;
let commands = 0;
const progress = setInterval(() => console.log(`${done} of ${runs} runs, ${commands} commands`), 5_000);
try {
  console.log(`seed ${seed}`);
  const onRun = (steps: number) => {
    done++;
    commands += steps;
  };
  await compare(store, clock, { runs, seed, onRun });
  console.log(`${done} runs, ${commands} commands: model and Redis agree`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  clearInterval(progress);
  await store.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}
