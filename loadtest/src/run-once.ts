/** One run against one system: choose the event, sign up buyers, let k6 play, read the ledger, judge, and say so. */
import type { EventSummary } from '@seatwire/protocol';
import { type RunOptions, SCENARIOS } from './config.ts';
import { writePart } from './evidence-file.ts';
import { notFlat } from './flatness.ts';
import { runK6 } from './k6-run.ts';
import { planted } from './planted-fault.ts';
import { type Evidence, judge } from './proof.ts';
import { type Outcome, reporting, writeSummary } from './report.ts';
import { Rest, RestTrouble } from './rest.ts';
import { RESULTS, resultOf } from './result.ts';
import type { RunFile } from './run-file.ts';
import { openStalledReaders, type StalledReaders } from './stalled-readers.ts';
import { judgeTargets } from './targets.ts';

/** k6 starting up, and every socket signing in, before buying begins. */
const WARM_UP_MS = 5000;
const WARM_UP_PER_SOCKET_MS = 4;
/** Between the last purchase and the reading of the maps: nothing moves any more, and a beacon has gone by. */
const SETTLE_MS = 6000;
const MOST_BUYERS = 200;
/** Where each buyer may have only so many places, and the scenario is about buying. */
const MOST_PURCHASERS = 2000;
/** One reader in ten does not read. */
const STALLED_SHARE = 0.1;

/** --start-at had gone by when all was ready. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

export interface Test {
  readonly options: RunOptions;
  readonly k6: string;
  /** http(s)://host:port */
  readonly url: string;
  readonly scratch: string;
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

/** The exit status. */
export async function testOnce({ options, k6, url, scratch, interrupted, say }: Test): Promise<number> {
  const startedAt = new Date();
  const { scenario, sockets, seconds, part } = options;
  const rest = new Rest(url);
  const event = choose(options, await rest.events());
  await checkRoom(options, rest, event);
  const count = Math.min(sockets, scenario === 'purchase' ? MOST_PURCHASERS : MOST_BUYERS);
  say(`signing up ${count} buyers`);
  const buyers = await rest.signUp(count, say);
  const before = await rest.snapshot(event.id);
  const soonest = Date.now() + WARM_UP_MS + sockets * WARM_UP_PER_SOCKET_MS;
  const opensAt = options.startAt ?? soonest;
  if (opensAt < soonest)
    throw new TooLate(`--start-at is too soon: ready at ${new Date(soonest).toISOString()} at best.`);
  const closesAt = opensAt + seconds * 1000;
  const file: RunFile = {
    socketUrl: `${url.replace(/^http/, 'ws')}/ws`,
    httpUrl: url,
    event: event.id,
    buyers,
    sockets,
    rate: options.rate,
    opensAt,
    closesAt,
    readsAt: closesAt + SETTLE_MS,
    wrongMap: options.plant === 'wrong-map',
  };
  const pace = options.rate > 0 ? ` at ${options.rate}/s` : '';
  say(
    `${scenario}: ${sockets} sockets at "${event.title}", ${before.map.count(0)} of ${event.places} places free, for ${seconds} s${pace}`,
  );
  const stalled =
    scenario === 'slow-consumer'
      ? await openStalledReaders(url, event.id, Math.ceil(sockets * STALLED_SHARE))
      : null;
  const env = reporting(options.report, seconds);
  const played = await runK6({ k6, scenario, file, scratch, env, interrupted, say }).finally(() =>
    stalled?.stop(),
  );
  const { status, findings, metrics } = played;
  if (interrupted.aborted) {
    say('interrupted: nothing is proven');
    return 130;
  }

  const after = await rest.snapshot(event.id);
  const orders = await rest.ordersOfAll(buyers, event.id);
  const evidence: Evidence = planted(options.plant, {
    sockets,
    findings,
    orders,
    before: before.map,
    after,
    complete: part === null,
  });
  const verdict = judge(evidence);
  const targets = judgeTargets(scenario, metrics);
  const faults = [
    ...(scenario === 'soak' ? [notFlat(metrics)] : []),
    ...(stalled === null ? [] : [stalledFault(stalled)]),
  ].filter((fault) => fault !== null);
  const remarks = [
    ...targets.map(({ line }) => line),
    ...faults,
    ...(stalled === null ? [] : [stalledLine(stalled)]),
  ];
  const thresholdsMet = status === 0;
  const result = resultOf(thresholdsMet && verdict.proven && faults.length === 0, targets);
  const outcome: Outcome = { startedAt, event, metrics, thresholdsMet, verdict, remarks, result };
  if (options.report !== null) {
    writeSummary(options.report, options, outcome);
    if (part !== null) say(`wrote ${writePart(options.report, part, event.id, evidence, result)}`);
    say(`wrote report.html and summary.json to ${options.report}`);
  }

  const troubles = findings.flatMap((finding) => (finding.kind === 'trouble' ? [finding] : []));
  for (const { socket, what } of troubles.slice(0, 10)) say(`socket ${socket}: ${what}`);
  for (const problem of verdict.problems) say(problem);
  process.stdout.write(`\nk6: thresholds ${thresholdsMet ? 'met' : `not met (status ${status})`}\n`);
  for (const remark of remarks) process.stdout.write(`${scenario}: ${remark}\n`);
  process.stdout.write(`proof: ${verdict.line}\n`);
  if (part !== null)
    process.stdout.write(`part ${part.number} of ${part.of}: this generator's buyers only; see prove\n`);
  process.stdout.write(`${scenario}: ${RESULTS[result].said}\n`);
  return RESULTS[result].status;
}

/** on-sale wants few places; the others room, and some of them the largest map there is. */
function choose(options: RunOptions, events: readonly EventSummary[]): EventSummary {
  const now = Date.now();
  const open = events.filter(
    (event) => Date.parse(event.saleOpensAt) <= now && Date.parse(event.saleClosesAt) > now,
  );
  const ideal = { smallest: 0, middling: 10_000, largest: Number.MAX_SAFE_INTEGER };
  const size = ideal[SCENARIOS[options.scenario].event];
  const wanted =
    options.event === null
      ? open.toSorted((a, b) => Math.abs(a.places - size) - Math.abs(b.places - size))[0]
      : events.find((event) => event.id === options.event);
  if (wanted) return wanted;
  throw new RestTrouble(
    options.event === null ? 'No event is on sale there.' : `No event ${options.event} is published there.`,
  );
}

/** A steady rate of purchases needs buyers who may buy that much. */
async function checkRoom(options: RunOptions, rest: Rest, event: EventSummary): Promise<void> {
  if (options.scenario !== 'purchase') return;
  const { maxPerBuyer } = await rest.event(event.id);
  const room = Math.min(options.sockets, MOST_PURCHASERS) * maxPerBuyer;
  const wanted = options.rate * options.seconds;
  if (wanted > room)
    throw new RestTrouble(
      `${wanted} purchases, but ${options.sockets} buyers may have ${room} places there (${maxPerBuyer} each): more --sockets, or less --rate or --duration.`,
    );
}

const stalledLine = ({ cut, count }: StalledReaders): string =>
  `the server cut off ${cut} of ${count} sockets that never read`;

const stalledFault = ({ cut }: StalledReaders): string | null =>
  cut > 0 ? null : 'no stalled reader was cut off, so nothing was shown: run it for longer';
