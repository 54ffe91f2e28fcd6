/**
 * Every option of `npm start`. The only place here that reads the environment, and only PORT and SEATWIRE_* of it: a shell often
 * holds a DATABASE_URL or HOST that means something else, and the demo must not be put into somebody's database by chance.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  address,
  type Configuration,
  describeOptions,
  integer,
  readOptions,
  text,
  toggle,
} from '@seatwire/program';

export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

export const OPTIONS = [
  {
    name: 'port',
    env: 'PORT',
    flag: '--port',
    type: integer(0, 65_535),
    default: '3000',
    description: 'Port of the page, the sockets and REST; 0 takes a free one.',
  },
  {
    name: 'host',
    env: 'SEATWIRE_HOST',
    flag: '--host',
    type: text,
    default: '127.0.0.1',
    description: 'Address to listen on; 0.0.0.0 lets other machines in, such as a phone.',
  },
  {
    name: 'quiet',
    env: 'SEATWIRE_QUIET',
    flag: '--quiet',
    type: toggle,
    default: 'false',
    description: 'No simulated crowd: nothing moves but what you do.',
  },
  {
    name: 'reset',
    env: 'SEATWIRE_RESET',
    flag: '--reset',
    type: toggle,
    default: 'false',
    description: "Begin anew: wipes the project's own data folder first, without asking.",
  },
  {
    name: 'dataDir',
    env: 'SEATWIRE_DATA_DIR',
    flag: '--data-dir',
    type: text,
    default: '.data',
    description: 'Folder of the embedded stores and the logs, under the project if not absolute.',
  },
  {
    name: 'json',
    env: 'SEATWIRE_JSON',
    flag: '--json',
    type: toggle,
    default: 'false',
    description:
      'For scripts: prints one JSON line once everything is ready, and nothing else on standard output.',
  },
  {
    name: 'untilEof',
    env: 'SEATWIRE_UNTIL_EOF',
    flag: '--until-eof',
    type: toggle,
    default: 'false',
    description: 'For scripts: stops when standard input ends, so that nothing outlives who started it.',
  },
  {
    name: 'servers',
    env: 'SEATWIRE_SERVERS',
    flag: '--servers',
    type: integer(1, 16),
    default: '1',
    description: 'Servers, each on a port of its own.',
  },
  {
    name: 'workers',
    env: 'SEATWIRE_WORKERS',
    flag: '--workers',
    type: integer(1, 16),
    default: '1',
    description: 'Workers.',
  },
  {
    name: 'processes',
    env: 'SEATWIRE_PROCESSES',
    flag: '--processes',
    type: integer(1, 64),
    default: '1',
    description: 'Processes of each server that share its port.',
  },
  {
    name: 'redisUrl',
    env: 'SEATWIRE_REDIS_URL',
    type: address('redis:', 'rediss:', 'redis+cluster:'),
    default: null,
    description: 'A real Redis, in place of the embedded one.',
    secret: true,
  },
  {
    name: 'databaseUrl',
    env: 'SEATWIRE_DATABASE_URL',
    type: address('postgres:', 'postgresql:'),
    default: null,
    description: 'A real Postgres, in place of the embedded one.',
    secret: true,
  },
  {
    name: 'mongoUrl',
    env: 'SEATWIRE_MONGO_URL',
    type: address('mongodb:', 'mongodb+srv:'),
    default: null,
    description: 'A real MongoDB, in place of the embedded one.',
    secret: true,
  },
] as const;

export type LocalConfig = Configuration<typeof OPTIONS>;

/** Throws `OptionError` with every mistake at once. */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): LocalConfig {
  return readOptions(OPTIONS, args, env);
}

const SET = 'SEATWIRE_SET_';

/** Options for the servers and workers: `SEATWIRE_SET_TICK_MS=50` gives them TICK_MS. Nothing else of the shell reaches them. */
export function programOptions(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(SET) && value !== undefined ? [[name.slice(SET.length), value]] : [],
    ),
  );
}

/** A line each for what the shell names a store with, and which is left alone. */
export function leftAlone(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return OPTIONS.filter(({ env: ours }) => ours.endsWith('_URL')).flatMap(({ env: ours }) => {
    const theirs = ours.replace('SEATWIRE_', '');
    if (!env[theirs] || env[ours]) return [];
    return [`${theirs} is set, and left alone: the demo brings its own store. ${ours} would name another.`];
  });
}

/** A line each for what is called as an option is, and is none. */
export function unheard(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('SEATWIRE_') && !name.startsWith(SET))
    .filter((name) => !OPTIONS.some((option) => option.env === name))
    .map((name) => `${name} is no option of npm start, and does nothing here; --help lists what there is.`);
}

const USAGE = `npm start -- [options]   (or: node deploy/local/start.mjs [options])

Brings up Redis, Postgres, MongoDB, a server and a worker on this machine, with a demo on sale, and keeps running
until Ctrl-C. Data is kept between starts. SEATWIRE_SET_<NAME> gives servers and workers their option <NAME>.`;

export const help = (): string => describeOptions(USAGE, OPTIONS);

/** Where the demo keeps its data when no folder is named: the only folder `--reset` may wipe. */
export const OWN_DATA = join(PROJECT, '.data');
