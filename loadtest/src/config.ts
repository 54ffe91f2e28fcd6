/** Options of `npm run loadtest`, and all that is read from the environment. */
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The same from src and from dist. */
const PACKAGE = fileURLToPath(new URL('../', import.meta.url));
export const PROJECT = join(PACKAGE, '..');
export const SCENARIO_SOURCES = join(PACKAGE, 'src', 'scenarios');
/** The Go module that pins k6. */
export const K6_MODULE = join(PACKAGE, 'k6');
export const K6_CACHE = join(PROJECT, '.cache', 'k6');

export const PLOTS = join(PACKAGE, 'src', 'scenarios', 'plots.json');

/** Defaults of each; `rate` is acts a second over all sockets, null where everybody acts as fast as may be. */
interface Scenario {
  readonly about: string;
  readonly sockets: number;
  readonly seconds: number;
  readonly rate: number | null;
  /** The open event it suits: the smallest, one of about 10,000 places, or the largest. */
  readonly event: 'smallest' | 'middling' | 'largest';
}

export const SCENARIOS = {
  smoke: {
    about: 'a few sockets join, hold, release and buy; every map agrees at the end',
    sockets: 20,
    seconds: 15,
    rate: null,
    event: 'middling',
  },
  'on-sale': {
    about: 'many sockets want few seats, all at once, until none is left',
    sockets: 400,
    seconds: 30,
    rate: null,
    event: 'smallest',
  },
  browse: {
    about: 'many viewers, while a few hold and let go at a steady rate',
    sockets: 300,
    seconds: 30,
    rate: 10,
    event: 'middling',
  },
  'fan-out': {
    about: 'one change at a time, and how old it is when it reaches the viewers',
    sockets: 1000,
    seconds: 30,
    rate: 2,
    event: 'middling',
  },
  'reconnect-storm': {
    about: 'twice all sockets are dropped, and all come back at once, while places change hands',
    sockets: 500,
    seconds: 30,
    rate: 5,
    event: 'middling',
  },
  'slow-consumer': {
    about: 'some never read what they ask for; everybody else notices nothing',
    sockets: 100,
    seconds: 40,
    rate: 10,
    event: 'largest',
  },
  purchase: {
    about: 'hold, check out, pay, and wait for `confirmed`, at a steady rate',
    sockets: 50,
    seconds: 30,
    rate: 10,
    event: 'largest',
  },
  soak: {
    about: 'holds, releases and purchases for long, and the last third as quick as the first',
    sockets: 100,
    seconds: 600,
    rate: 10,
    event: 'largest',
  },
  mixed: {
    about: 'viewers, buyers who think again, buyers who pay, and connections that break',
    sockets: 200,
    seconds: 40,
    rate: 20,
    event: 'largest',
  },
} as const satisfies Record<string, Scenario>;
export type ScenarioName = keyof typeof SCENARIOS;

/** Faults that the proof must catch; they change what is observed, never the system. */
export const PLANTS = ['double-sale', 'lost-ticket', 'wrong-map', 'wrong-price'] as const;
export type Plant = (typeof PLANTS)[number];

export interface RunOptions {
  readonly scenario: ScenarioName;
  /** Of the server under test, such as ws://host:3000; null starts a system of its own. */
  readonly url: string | null;
  readonly sockets: number;
  /** How long buying goes on. */
  readonly seconds: number;
  /** Acts a second, over all sockets; 0 where the scenario has no rate. */
  readonly rate: number;
  /** Event id; null lets the scenario choose. */
  readonly event: string | null;
  /** Folder for report.html and summary.json. */
  readonly report: string | null;
  /** One of several load generators. */
  readonly part: Part | null;
  /** Epoch ms at which buying begins; null: as soon as all are signed in. */
  readonly startAt: number | null;
  readonly plant: Plant | null;
}

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** Of several load generators' parts, gathered in one folder. */
export interface ProveOptions {
  readonly scenario: 'prove';
  readonly report: string;
}

/** Exit status of a command line that is not understood, as of every program of the house. */
export const MISUSED = 64;

/** What was wrong with the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const NAMES = [...Object.keys(SCENARIOS), 'prove'].join(', ');
/** A socket may send 50 messages a second, and a hold is followed by its release. */
const RATE_PER_SOCKET = 20;

export const USAGE = `npm run loadtest -- <scenario> [options]

${Object.entries(SCENARIOS)
  .map(([name, { about, sockets }]) => `  ${name.padEnd(15)} ${about} (${sockets} sockets)`)
  .join('\n')}
  ${'prove'.padEnd(15)} the proof over the parts of several load generators, found in --report

  --url <address>    test the system there (http, https, ws or wss) in place of one started for the run
  --sockets <n>      1 to 20000
  --rate <n>         acts a second over all sockets (holds, purchases), where the scenario has a rate
  --duration <time>  how long buying goes on: 90, 90s, 10m or 2h; 5 s to 24 h
  --event <id>       the event to buy at; by default one that suits the scenario
  --report <folder>  write report.html (plots) and summary.json there
  --part <i>/<n>     this is load generator i of n; wants --start-at and --report
  --start-at <time>  when buying begins, as 2026-11-21T12:00:00Z: the same on all generators
  --plant <fault>    show that the proof can fail: ${PLANTS.join(', ')}

Exit status: 0 passed, 1 a threshold, a target or the proof failed, 2 could not run, 3 proven, but a target could not be measured from here, 64 not understood.
`;

/** `help`, or the options. Throws `UsageError`. */
export function readArguments(args: readonly string[]): RunOptions | ProveOptions | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const [name, ...more] = positionals;
  if (name === undefined) throw new UsageError(`Name a scenario: ${NAMES}.`);
  if ((!Object.hasOwn(SCENARIOS, name) && name !== 'prove') || more.length > 0)
    throw new UsageError(`No such scenario: ${positionals.join(' ')}. There are ${NAMES}.`);
  if (name === 'prove') {
    if (values.report === undefined) throw new UsageError('prove wants --report, the folder of the parts.');
    return { scenario: name, report: values.report };
  }
  const scenario = name as ScenarioName;
  const plant = values.plant ?? null;
  if (plant !== null && !PLANTS.includes(plant as Plant))
    throw new UsageError(`--plant takes one of ${PLANTS.join(', ')}.`);
  if (values.url !== undefined && !/^(https?|wss?):\/\/[^/]/.test(values.url))
    throw new UsageError('--url takes an address such as ws://localhost:3000.');
  const defaults: Scenario = SCENARIOS[scenario];
  const sockets = wholeNumber('--sockets', values.sockets, defaults.sockets, 1, 20_000);
  if (values.rate !== undefined && defaults.rate === null)
    throw new UsageError(`${scenario} has no rate: everybody is as quick as may be.`);
  const most = sockets * RATE_PER_SOCKET;
  const part = values.part === undefined ? null : partOf(values.part);
  const startAt = values['start-at'] === undefined ? null : timeOf(values['start-at']);
  if (part !== null && (startAt === null || values.url === undefined || values.report === undefined))
    throw new UsageError('--part wants --url, --start-at and --report too.');
  return {
    scenario,
    url: values.url ?? null,
    sockets,
    seconds: duration(values.duration ?? values.seconds, defaults.seconds),
    rate: wholeNumber('--rate', values.rate, Math.min(defaults.rate ?? 0, most), 1, most),
    event: values.event ?? null,
    report: values.report ?? null,
    part,
    startAt,
    plant: plant as Plant | null,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        sockets: { type: 'string' },
        rate: { type: 'string' },
        duration: { type: 'string' },
        /** What --duration was called first. */
        seconds: { type: 'string' },
        event: { type: 'string' },
        report: { type: 'string' },
        part: { type: 'string' },
        'start-at': { type: 'string' },
        plant: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(
  flag: string,
  text: string | undefined,
  otherwise: number,
  min: number,
  max: number,
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`${flag} takes a whole number from ${min} to ${max}.`);
  return value;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/** Seconds. */
function duration(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const [, digits, unit] = /^(\d{1,6})(s|m|h|)$/.exec(text) ?? [];
  const seconds = Number(digits) * UNITS[unit ?? '']!;
  if (!(seconds >= 5 && seconds <= 86_400))
    throw new UsageError('--duration takes 5 s to 24 h, written 90, 90s, 10m or 2h.');
  return seconds;
}

function partOf(text: string): Part {
  const [, number, of] = (/^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? []).map(Number);
  if (number === undefined || of === undefined || number < 1 || number > of)
    throw new UsageError('--part takes which of how many, such as 2/3.');
  return { number, of };
}

function timeOf(text: string): number {
  const at = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError('--start-at takes a time in UTC such as 2026-11-21T12:00:00Z.');
  return at;
}

export interface Surroundings {
  /** K6_BIN: a k6 to use, whatever else there is. */
  readonly k6Bin: string | undefined;
  /** Folders searched for k6 and go, in order. */
  readonly path: readonly string[];
}

export function readSurroundings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Surroundings {
  return { k6Bin: env.K6_BIN || undefined, path: (env.PATH ?? '').split(delimiter).filter(Boolean) };
}

/** This process's environment with some variables set: what a child process is started with. */
export function environmentWith(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}
