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

export const SCENARIOS = {
  smoke: {
    about: 'a few sockets join, hold, release and buy; every map agrees at the end',
    sockets: 20,
    seconds: 15,
  },
  'on-sale': {
    about: 'many sockets want few seats, all at once, until none is left',
    sockets: 400,
    seconds: 30,
  },
} as const;
export type ScenarioName = keyof typeof SCENARIOS;

/** Faults that the proof must catch; they change what is observed, never the system. */
export const PLANTS = ['double-sale', 'lost-ticket', 'wrong-map'] as const;
export type Plant = (typeof PLANTS)[number];

export interface RunOptions {
  readonly scenario: ScenarioName;
  /** Of the server under test, such as ws://host:3000; null starts a system of its own. */
  readonly url: string | null;
  readonly sockets: number;
  /** How long buying goes on. */
  readonly seconds: number;
  /** Event id; null lets the scenario choose. */
  readonly event: string | null;
  readonly plant: Plant | null;
}

/** What was wrong with the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `npm run loadtest -- <scenario> [options]

${Object.entries(SCENARIOS)
  .map(([name, { about, sockets }]) => `  ${name.padEnd(9)} ${about} (${sockets} sockets)`)
  .join('\n')}

  --url <address>    test the system there (http, https, ws or wss) in place of one started for the run
  --sockets <n>      1 to 20000
  --seconds <n>      how long buying goes on, 5 to 480
  --event <id>       the event to buy at; by default one that suits the scenario
  --plant <fault>    show that the proof can fail: ${PLANTS.join(', ')}

Exit status: 0 proven, 1 a threshold or the proof failed, 2 could not run.
`;

/** `help`, or the options. Throws `UsageError`. */
export function readArguments(args: readonly string[]): RunOptions | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const [name, ...more] = positionals;
  if (name === undefined) throw new UsageError(`Name a scenario: ${Object.keys(SCENARIOS).join(', ')}.`);
  if (!Object.hasOwn(SCENARIOS, name) || more.length > 0)
    throw new UsageError(
      `No such scenario: ${positionals.join(' ')}. There are ${Object.keys(SCENARIOS).join(', ')}.`,
    );
  const scenario = name as ScenarioName;
  const plant = values.plant ?? null;
  if (plant !== null && !PLANTS.includes(plant as Plant))
    throw new UsageError(`--plant takes one of ${PLANTS.join(', ')}.`);
  if (values.url !== undefined && !/^(https?|wss?):\/\/[^/]/.test(values.url))
    throw new UsageError('--url takes an address such as ws://localhost:3000.');
  return {
    scenario,
    url: values.url ?? null,
    sockets: wholeNumber('--sockets', values.sockets, SCENARIOS[scenario].sockets, 1, 20_000),
    seconds: wholeNumber('--seconds', values.seconds, SCENARIOS[scenario].seconds, 5, 480),
    event: values.event ?? null,
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
        seconds: { type: 'string' },
        event: { type: 'string' },
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
