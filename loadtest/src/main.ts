/** `npm run loadtest -- <scenario>`: k6 plays the buyers, and afterwards clients, server and ledger must agree. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  K6_CACHE,
  K6_MODULE,
  MISUSED,
  readArguments,
  readSurroundings,
  USAGE,
  UsageError,
} from './config.ts';
import { gatherParts, NoParts } from './evidence-file.ts';
import { findK6, NoK6 } from './k6-program.ts';
import { judge } from './proof.ts';
import { RestTrouble } from './rest.ts';
import { RESULTS, worstOf } from './result.ts';
import { TooLate, testOnce } from './run-once.ts';
import { NoSystem, startSystemUnderTest } from './system-under-test.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const stops: (() => Promise<void>)[] = [];
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The second time at once; what was started here notices that we are gone.
    process.on(signal, () => (interrupted.signal.aborted ? process.exit(130) : interrupted.abort()));
  }
  try {
    const options = readArguments(args);
    if (options === 'help') {
      process.stdout.write(USAGE);
      return 0;
    }
    if (options.scenario === 'prove') return prove(options.report);
    const k6 = await findK6({ ...readSurroundings(), module: K6_MODULE, cache: K6_CACHE, progress: say });
    const scratch = mkdtempSync(join(tmpdir(), 'seatwire-k6-run-'));
    stops.push(async () => rmSync(scratch, { recursive: true, force: true }));
    let url = options.url?.replace(/^ws/, 'http').replace(/\/(ws)?$/, '');
    if (url === undefined) {
      say('starting a system for this run');
      const system = await startSystemUnderTest((line) => say(`  ${line}`), interrupted.signal);
      stops.push(() => system.stop());
      url = system.url;
    }
    return await testOnce({ options, k6, url, scratch, interrupted: interrupted.signal, say });
  } catch (error) {
    if (error instanceof UsageError) {
      say(`${error.message}\n\n${USAGE}`);
      return MISUSED;
    }
    if ([NoK6, NoSystem, NoParts, RestTrouble, TooLate].some((known) => error instanceof known))
      say((error as Error).message);
    else throw error;
    return 2;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** The parts of several load generators as one run. */
function prove(folder: string): number {
  const { evidence, results } = gatherParts(folder);
  const verdict = judge(evidence);
  for (const problem of verdict.problems) say(problem);
  results.forEach((result, i) => {
    if (result !== 'passed') say(`part ${i + 1} by itself: ${RESULTS[result].said}`);
  });
  const result = worstOf([verdict.proven ? 'passed' : 'failed', ...results]);
  process.stdout.write(`proof: ${verdict.line}\nprove: ${RESULTS[result].said}\n`);
  return RESULTS[result].status;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
