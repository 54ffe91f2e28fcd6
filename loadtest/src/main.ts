/** `npm run loadtest -- <scenario>`: k6 plays the buyers, and afterwards clients, server and ledger must agree. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventSummary } from '@seatwire/protocol';
import {
  environmentWith,
  K6_CACHE,
  K6_MODULE,
  type RunOptions,
  readArguments,
  readSurroundings,
  USAGE,
  UsageError,
} from './config.ts';
import { findK6, NoK6 } from './k6-program.ts';
import { planted } from './planted-fault.ts';
import { type Evidence, judge } from './proof.ts';
import { Rest, RestTrouble } from './rest.ts';
import type { Finding, RunFile } from './run-file.ts';
import { bundleScenario } from './scenario-bundle.ts';
import { NoSystem, startSystemUnderTest } from './system-under-test.ts';

/** k6 starting up, and every socket signing in, before buying begins. */
const WARM_UP_MS = 5000;
const WARM_UP_PER_SOCKET_MS = 4;
/** Between the last purchase and the reading of the maps: nothing moves any more, and a beacon has gone by. */
const SETTLE_MS = 6000;
const MOST_BUYERS = 200;

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
    return await run(options, k6, url, scratch, interrupted.signal);
  } catch (error) {
    if (error instanceof UsageError) say(`${error.message}\n\n${USAGE}`);
    else if (error instanceof NoK6 || error instanceof NoSystem || error instanceof RestTrouble)
      say(error.message);
    else throw error;
    return 2;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function run(
  options: RunOptions,
  k6: string,
  url: string,
  scratch: string,
  interrupted: AbortSignal,
): Promise<number> {
  const rest = new Rest(url);
  const event = choose(options, await rest.events());
  const buyers = Math.min(options.sockets, MOST_BUYERS);
  say(`signing up ${buyers} buyers`);
  const tokens = await rest.signUp(buyers, say);
  const before = await rest.snapshot(event.id);
  const opensAt = Date.now() + WARM_UP_MS + options.sockets * WARM_UP_PER_SOCKET_MS;
  const closesAt = opensAt + options.seconds * 1000;
  const file: RunFile = {
    socketUrl: `${url.replace(/^http/, 'ws')}/ws`,
    event: event.id,
    tokens,
    sockets: options.sockets,
    opensAt,
    closesAt,
    readsAt: closesAt + SETTLE_MS,
    wrongMap: options.plant === 'wrong-map',
  };
  say(
    `${options.scenario}: ${options.sockets} sockets at "${event.title}", ${before.map.count(0)} of ${event.places} places free, for ${options.seconds} s`,
  );
  const { status, findings } = await play(options, k6, file, scratch, interrupted);
  if (interrupted.aborted) {
    say('interrupted: nothing is proven');
    return 130;
  }

  const after = await rest.snapshot(event.id);
  const orders = await rest.ordersOfAll(tokens, event.id);
  const evidence: Evidence = { sockets: options.sockets, findings, orders, before: before.map, after };
  const verdict = judge(planted(options.plant, evidence));
  const troubles = findings.flatMap((finding) => (finding.kind === 'trouble' ? [finding] : []));
  for (const { socket, what } of troubles.slice(0, 10)) say(`socket ${socket}: ${what}`);
  for (const problem of verdict.problems) say(problem);
  process.stdout.write(`\nk6: thresholds ${status === 0 ? 'met' : `not met (status ${status})`}\n`);
  process.stdout.write(`proof: ${verdict.line}\n`);
  const passed = status === 0 && verdict.proven;
  process.stdout.write(`${options.scenario}: ${passed ? 'passed' : 'FAILED'}\n`);
  return passed ? 0 : 1;
}

/** on-sale wants few places; smoke wants room, but not the largest map there is. */
function choose(options: RunOptions, events: readonly EventSummary[]): EventSummary {
  const now = Date.now();
  const open = events.filter(
    (event) => Date.parse(event.saleOpensAt) <= now && Date.parse(event.saleClosesAt) > now,
  );
  const wanted =
    options.event === null
      ? open.toSorted((a, b) =>
          options.scenario === 'on-sale'
            ? a.places - b.places
            : Math.abs(a.places - 10_000) - Math.abs(b.places - 10_000),
        )[0]
      : events.find((event) => event.id === options.event);
  if (wanted) return wanted;
  throw new RestTrouble(
    options.event === null ? 'No event is on sale there.' : `No event ${options.event} is published there.`,
  );
}

async function play(
  options: RunOptions,
  k6: string,
  file: RunFile,
  scratch: string,
  interrupted: AbortSignal,
): Promise<{ status: number | null; findings: Finding[] }> {
  const [script, runFile, lines] = ['scenario.js', 'run.json', 'findings.jsonl'].map((name) =>
    join(scratch, name),
  ) as [string, string, string];
  await bundleScenario(options.scenario, script);
  writeFileSync(runFile, JSON.stringify(file));
  writeFileSync(lines, '');
  const child = spawn(
    k6,
    [
      'run',
      '--no-usage-report',
      ...(process.stderr.isTTY ? [] : ['--quiet']),
      '--log-format',
      'raw',
      '--console-output',
      lines,
      script,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], env: environmentWith({ SEATWIRE_RUN: runFile }) },
  );
  const end = () => child.kill('SIGINT');
  interrupted.addEventListener('abort', end, { once: true });
  if (interrupted.aborted) end();
  const ticking = setInterval(() => {
    const left = Math.ceil((file.readsAt - Date.now()) / 1000);
    // On a terminal k6 draws its own progress.
    if (!process.stderr.isTTY && left > 0) say(`${options.scenario}: ${left} s left`);
  }, 10_000);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { status, findings: read(lines) };
  } finally {
    clearInterval(ticking);
  }
}

/** k6 writes what scripts log, and at times a line of its own. */
function read(file: string): Finding[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"kind"'))
    .map((line) => JSON.parse(line) as Finding);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
