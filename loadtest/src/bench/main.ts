/**
 * `npm run bench`: how the goals of the design stand on this machine, as ratios to something measured in the same run.
 *
 * What: each benchmark is a file that answers with rows of the table (finding.ts). Those that measure a service from outside start it
 * as a process and load it from other processes (client/), the same client for our system and for the peers under `loadtest/peers`;
 * those that measure an inside are programs of the package they measure, started here (built-program.ts).
 * Concurrency: one benchmark at a time, and inside each the things compared take turns, since the machine is shared.
 * Invariants: nothing that was started is left running; a run in which commands were refused that may not be, a viewer missed a frame or places ran out
 * is an error, not a figure.
 * May import: @seatwire/protocol, ioredis (for INFO). It reaches everything else as a process.
 */
import { parseArgs } from 'node:util';
import { MISUSED } from '../config.ts';
import { conflation } from './conflation.ts';
import { endToEnd } from './end-to-end.ts';
import { fanOut } from './fan-out.ts';
import { type Bench, collapsed, type Finding, reached } from './finding.ts';
import { holdScript } from './hold-script.ts';
import { joins } from './joins.ts';
import { latency } from './latency.ts';
import { loadClient } from './load-client.ts';
import { overload } from './overload.ts';
import { purchases } from './purchases.ts';
import { scaleCluster } from './scale-cluster.ts';
import { scaleEvents } from './scale-events.ts';
import { scaleServers } from './scale-servers.ts';
import { sizes } from './sizes.ts';
import { tableOf } from './table.ts';

const BENCHES: readonly Bench[] = [
  loadClient,
  fanOut,
  conflation,
  holdScript,
  endToEnd,
  overload,
  latency,
  sizes,
  purchases,
  scaleServers,
  scaleCluster,
  scaleEvents,
  joins,
];
/** What a change of the code can collapse, and a busy machine cannot: compared as ratios, in a minute or two. */
const QUICK: readonly Bench[] = [fanOut, conflation, holdScript, endToEnd, sizes];

const USAGE = `npm run bench -- [name ...] [options]

${BENCHES.map(({ name, about }) => `  ${name.padEnd(13)} ${about}`).join('\n')}

\`scale\` runs all that begin with \`scale-\`, and so does any other first word.

  --quick           short and coarse, for CI: only a collapse counts (${QUICK.map(({ name }) => name).join(', ')})
  --plant slow-wire show that a collapse is seen: a proxy of the harness holds every byte back for 250 ms

Exit status: 0 measured, 1 something collapsed or a benchmark failed, 64 not understood.
`;
const PLANTED_MS = 250;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const wish = read(args);
  if (typeof wish === 'number') return wish;
  const findings: Finding[] = [];
  const took: string[] = [];
  let broken = 0;
  for (const bench of wish.benches) {
    say(`\n${bench.name}: ${bench.about}`);
    const began = performance.now();
    try {
      const found = await bench.run({ ...wish, say: (line) => say(`  ${line}`) });
      findings.push(...found);
    } catch (error) {
      broken++;
      say(`  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    took.push(`${bench.name} ${Math.round((performance.now() - began) / 1000)} s`);
  }
  process.stdout.write(`${tableOf(findings)}\n`);
  say(`\ntook: ${took.join(', ')}; ${Math.round(performance.now() / 1000)} s in all`);
  const goals = findings.filter(({ wanted }) => wanted > 0);
  const fallen = findings.filter(collapsed);
  say(
    `${goals.filter(reached).length} of ${goals.length} goals reached, ${fallen.length} collapsed, ${broken} failed`,
  );
  return fallen.length + broken > 0 ? 1 : 0;
}

/** Or the exit status. */
function read(args: readonly string[]) {
  const usage = (code: number, why: string): number => {
    say(`${why}${USAGE}`);
    return code;
  };
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return usage(MISUSED, `${(error as Error).message}\n\n`);
  }
  const { values, positionals } = parsed;
  if (values.help) return usage(0, '');
  if (values.plant !== undefined && values.plant !== 'slow-wire') return usage(MISUSED, 'No such plant.\n\n');
  const quick = values.quick ?? false;
  const meant =
    (wanted: string) =>
    ({ name }: Bench) =>
      name === wanted || name.startsWith(`${wanted}-`);
  const unknown = positionals.find((wanted) => !BENCHES.some(meant(wanted)));
  if (unknown !== undefined) return usage(MISUSED, `No such benchmark: ${unknown}.\n\n`);
  const benches =
    positionals.length > 0
      ? BENCHES.filter((bench) => positionals.some((wanted) => meant(wanted)(bench)))
      : quick
        ? QUICK
        : BENCHES;
  return { benches, quick, hinderMs: values.plant === undefined ? 0 : PLANTED_MS };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      plant: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
