/** Every option of the server, as one table: flags, environment names, `--help`, validation and README all come from it. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  address,
  type Configuration,
  databaseUrl,
  describeOptions,
  drainMs,
  integer,
  json,
  list,
  logLevel,
  OptionError,
  partitions,
  paymentProvider,
  readOptions,
  redisUrl,
  storeTimeoutMs,
  text,
  toggle,
} from '@seatwire/program';
import { COMMAND_MS, ROLES } from '@seatwire/protocol';
import { z } from 'zod';

/** An Ed25519 private key as a JWK (RFC 8037). */
const signingKey = json(
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
);
const demoAccounts = json(
  z.array(
    z.object({ email: z.string(), password: z.string(), role: z.enum(ROLES), name: z.string().optional() }),
  ),
);

export const OPTIONS = [
  {
    name: 'port',
    env: 'PORT',
    flag: '--port',
    type: integer(0, 65_535),
    default: '3000',
    description: 'Port of sockets, REST and the web page; 0 takes a free one.',
  },
  {
    name: 'host',
    env: 'HOST',
    flag: '--host',
    type: text,
    default: '0.0.0.0',
    description: 'Address to listen on.',
  },
  {
    name: 'processes',
    env: 'PROCESSES',
    flag: '--processes',
    type: integer(1, 256),
    default: '1',
    description: 'Processes that share the port, one a core.',
  },
  {
    name: 'sharePort',
    env: 'SHARE_PORT',
    flag: '--share-port',
    type: toggle,
    default: 'false',
    description:
      'Let other processes listen on the same port too (SO_REUSEPORT), for one started by hand or by a supervisor.',
  },
  {
    name: 'environment',
    env: 'NODE_ENV',
    type: z.enum(['development', 'test', 'production']),
    default: 'development',
    description: 'In `production` a signing key is required and cookies are `Secure`.',
  },
  logLevel,
  redisUrl,
  databaseUrl,
  {
    name: 'mongoUrl',
    env: 'MONGO_URL',
    type: address('mongodb:', 'mongodb+srv:'),
    default: 'mongodb://127.0.0.1:27017/seatwire',
    description: 'MongoDB, for documents; seats sell without it.',
    secret: true,
  },
  partitions,
  {
    name: 'dataDir',
    env: 'DATA_DIR',
    flag: '--data-dir',
    type: text,
    default: '.data',
    description: 'Where development keeps its signing key.',
  },
  {
    name: 'webRoot',
    env: 'WEB_ROOT',
    flag: '--web-root',
    type: text,
    default: null,
    description: 'Folder of the built web page; by default the one in this repository.',
  },
  {
    name: 'allowedOrigins',
    env: 'ALLOWED_ORIGINS',
    type: list,
    default: '',
    description:
      'Origins of pages that may connect, such as `https://tickets.example`; the own origin always may.',
  },
  {
    name: 'trustProxy',
    env: 'TRUST_PROXY',
    type: toggle,
    default: 'false',
    description:
      'Take the peer address from the last `X-Forwarded-For` entry; only behind a proxy that sets it.',
  },
  {
    name: 'signingKey',
    env: 'SIGNING_KEY',
    type: signingKey,
    default: null,
    description:
      'Ed25519 private JWK that signs access tokens. Required in production; development makes one.',
    secret: true,
  },
  {
    name: 'tokenIssuer',
    env: 'TOKEN_ISSUER',
    type: text,
    default: 'seatwire',
    description: '`iss` of access tokens.',
  },
  {
    name: 'accessTokenSeconds',
    env: 'ACCESS_TOKEN_SECONDS',
    type: integer(2, 3600),
    default: '600',
    description: 'Life of an access token.',
  },
  {
    name: 'refreshTokenDays',
    env: 'REFRESH_TOKEN_DAYS',
    type: integer(1, 365),
    default: '30',
    description: 'Life of a refresh token; each use makes a new one.',
  },
  {
    name: 'authTimeoutMs',
    env: 'AUTH_TIMEOUT_MS',
    type: integer(100, 60_000),
    default: '5000',
    description: 'A socket that has not said hello by then is closed.',
  },
  {
    name: 'heartbeatMs',
    env: 'HEARTBEAT_MS',
    type: integer(1000, 120_000),
    default: '15000',
    description: 'How often a socket is pinged; silent for twice as long, it is closed.',
  },
  {
    name: 'maxSockets',
    env: 'MAX_SOCKETS',
    type: integer(1, 1_000_000),
    default: '50000',
    description: 'Sockets one process takes.',
  },
  {
    name: 'maxBackpressureBytes',
    env: 'MAX_BACKPRESSURE_BYTES',
    type: integer(65_536, 67_108_864),
    default: '262144',
    description: 'Unsent bytes of one socket before it counts as too slow and is resynced or closed.',
  },
  {
    name: 'messagesPerSecond',
    env: 'MESSAGES_PER_SECOND',
    type: integer(1, 100_000),
    default: '50',
    description: 'Messages one socket may send a second, over time.',
  },
  {
    name: 'messageBurst',
    env: 'MESSAGE_BURST',
    type: integer(1, 100_000),
    default: '100',
    description: 'Messages one socket may send at once.',
  },
  {
    name: 'maxPendingCommands',
    env: 'MAX_PENDING_COMMANDS',
    type: integer(1, 1000),
    default: '32',
    description: 'Unanswered commands of one socket; of one user in a process, twice as many.',
  },
  {
    name: 'tickMs',
    env: 'TICK_MS',
    type: integer(1, 1000),
    default: '20',
    description: 'Changes of a busy room are gathered for this long into one frame.',
  },
  drainMs,
  storeTimeoutMs,
  {
    name: 'ledgerTimeoutMs',
    env: 'LEDGER_TIMEOUT_MS',
    type: integer(50, 60_000),
    default: '3000',
    description: 'Deadline of one Postgres statement.',
  },
  {
    name: 'ledgerConnections',
    env: 'LEDGER_CONNECTIONS',
    type: integer(1, 200),
    default: '8',
    description: 'Postgres connections of one process, at most.',
  },
  paymentProvider,
  {
    name: 'paymentTimeoutMs',
    env: 'PAYMENT_TIMEOUT_MS',
    // Three calls, one after another, must fit into the time of a command.
    type: integer(100, 0.3 * COMMAND_MS),
    default: '3000',
    description: 'Deadline of one call to the payment provider; a payment may take three.',
  },
  {
    name: 'requestTimeoutMs',
    env: 'REQUEST_TIMEOUT_MS',
    type: integer(100, 120_000),
    default: '15000',
    description: 'Deadline of one REST request, its body included.',
  },
  {
    name: 'maxBodyBytes',
    env: 'MAX_BODY_BYTES',
    type: integer(1024, 67_108_864),
    default: '65536',
    description: 'Largest body of a REST request.',
  },
  {
    name: 'requestsPerSecond',
    env: 'REQUESTS_PER_SECOND',
    type: integer(1, 100_000),
    default: '200',
    description: 'REST requests one address may send a second, over time; four times as many at once.',
  },
  {
    name: 'failedSignInsPerMinute',
    env: 'FAILED_SIGN_INS_PER_MINUTE',
    type: integer(1, 100_000),
    default: '10',
    description:
      'Wrong passwords a minute for one account from one address; 30 times as many from one address. Right ones do not count.',
  },
  {
    name: 'registrationsPerMinute',
    env: 'REGISTRATIONS_PER_MINUTE',
    type: integer(1, 100_000),
    default: '600',
    description: 'Accounts one address may make a minute.',
  },
  {
    name: 'demo',
    env: 'DEMO',
    flag: '--demo',
    type: toggle,
    default: 'false',
    description: 'Offers the demo accounts at `GET /api/demo`.',
  },
  {
    name: 'demoAccounts',
    env: 'DEMO_ACCOUNTS',
    type: demoAccounts,
    default: '[]',
    description: 'Demo accounts as JSON: `[{"email","password","role"}]`.',
    secret: true,
  },
] as const;

export type Config = Configuration<typeof OPTIONS>;

/** Throws `OptionError` with every mistake at once. */
export function readConfig(
  args: readonly string[] = process.argv.slice(2),
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const config = readOptions(OPTIONS, args, env);
  if (config.environment === 'production' && config.signingKey === null) {
    throw new OptionError(['SIGNING_KEY: required in production (an Ed25519 private JWK)']);
  }
  return config;
}

export function help(): string {
  return describeOptions('Usage: node server/dist/main.js [options]', OPTIONS);
}

/** The web page as `npm run build` leaves it; the same from src and from dist. */
export const BUILT_WEB_PAGE = join(dirname(fileURLToPath(import.meta.url)), '../../web-demo/dist/app');
