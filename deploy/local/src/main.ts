/** `npm start`: brings the whole system up with the demo on sale, says where everything is, and keeps it running until Ctrl-C. */
import { createServer } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { EmbeddedStoreError } from '@seatwire/embedded';
import { EXIT, OptionError } from '@seatwire/program';
import { type PaymentMethod, paymentMethod } from '@seatwire/protocol';
import {
  help,
  type LocalConfig,
  leftAlone,
  OWN_DATA,
  PROJECT,
  programOptions,
  readConfig,
  unheard,
} from './config.ts';
import { DEMO_ACCOUNTS } from './demo/accounts.ts';
import { startCrowd } from './demo/crowd.ts';
import { type DemoEvent, seedDemo } from './demo/seed.ts';
import { ProgramError } from './program.ts';
import { type System, startSystem } from './system.ts';
import { welcome } from './welcome.ts';

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help());
} else {
  process.exitCode = await run(args);
}

/** The exit status: `EXIT.failed` when it could not start. */
async function run(given: readonly string[]): Promise<number> {
  let config: LocalConfig;
  try {
    config = readConfig(given);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    complain(error.message);
    return EXIT.misused;
  }
  const dataDir = isAbsolute(config.dataDir) ? config.dataDir : resolve(PROJECT, config.dataDir);
  if (config.reset && dataDir !== OWN_DATA) {
    complain(`--reset wipes only ${OWN_DATA}. Remove ${dataDir} yourself if you mean it.`);
    return EXIT.misused;
  }
  const obstacle = await whyNotListen(config.port, config.host);
  if (obstacle !== null) {
    complain(obstacle);
    return EXIT.failed;
  }
  for (const line of [...leftAlone(), ...unheard()]) say(line);

  const asked = untilAsked(config.untilEof);
  // Children, sockets and timers of the crowd hold no process open, so something must.
  const open = setInterval(() => undefined, 2 ** 30);
  let system: System | undefined;
  try {
    const up = start(config, dataDir);
    const first = await Promise.race([up, asked]);
    // Asked to stop while starting: what comes up is stopped at once.
    const { system: running, events } = first === 'asked' ? await up : first;
    system = running;
    const crowd = config.quiet || first === 'asked' ? undefined : startCrowd({ url: system.url, events });
    if (first !== 'asked') {
      process.stdout.write(
        config.json ? `${JSON.stringify(summary(system, events))}\n` : await greeting(config, system, events),
      );
    }
    await asked;
    say('stopping');
    await crowd?.stop();
    await system.stop();
    return EXIT.done;
  } catch (error) {
    await system?.stop();
    if (!(error instanceof EmbeddedStoreError || error instanceof ProgramError)) throw error;
    complain(error.message);
    return EXIT.failed;
  } finally {
    clearInterval(open);
    if (config.untilEof) process.stdin.destroy();
  }
}

async function start(config: LocalConfig, dataDir: string): Promise<{ system: System; events: DemoEvent[] }> {
  let events: DemoEvent[] = [];
  const system = await startSystem({
    dataDir,
    reset: config.reset,
    ...(config.port === 0 ? {} : { port: config.port }),
    host: config.host,
    servers: config.servers,
    workers: config.workers,
    processes: config.processes,
    stores: {
      ...(config.redisUrl === null ? {} : { redisUrl: config.redisUrl }),
      ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
      ...(config.mongoUrl === null ? {} : { mongoUrl: config.mongoUrl }),
    },
    env: {
      ...programOptions(),
      DEMO: 'true',
      DEMO_ACCOUNTS: JSON.stringify(
        DEMO_ACCOUNTS.map(({ email, password, role, name }) => ({ email, password, role, name })),
      ),
    },
    keepRunning: true,
    progress: say,
    seed: async (stores) => {
      events = await seedDemo(stores, say);
    },
  });
  return { system, events };
}

/** Settles at the first Ctrl-C or SIGTERM, or when standard input ends if that counts. A second one ends this process at once; the children's guards then end them. */
function untilAsked(orEof: boolean): Promise<'asked'> {
  return new Promise((done) => {
    if (orEof) process.stdin.once('close', () => done('asked')).resume();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      let times = 0;
      process.on(signal, () => {
        if (++times > 1) process.exit(130);
        done('asked');
      });
    }
  });
}

/** Null: the server will be able to. */
function whyNotListen(port: number, host: string): Promise<string | null> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      answer(
        code === 'EADDRINUSE'
          ? `Port ${port} is in use by another program, maybe an earlier start. Stop that one, or choose another port: npm start -- --port ${port + 1}`
          : code === 'EACCES'
            ? `Port ${port} is not for every user to listen on. Choose another port: npm start -- --port 3000`
            : `Cannot listen on ${host} (${message}). Choose another address: npm start -- --host 127.0.0.1`,
      ),
    );
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => answer(null)));
  });
}

async function greeting(config: LocalConfig, system: System, events: readonly DemoEvent[]): Promise<string> {
  const { url, logs } = system;
  return welcome({ url, logs, events, cards: await testCards(url), crowd: !config.quiet });
}

/** Empty when the server does not say: the page will show them all the same. */
async function testCards(url: string): Promise<PaymentMethod[]> {
  try {
    const answer = await fetch(`${url}/api/payment-methods`, { signal: AbortSignal.timeout(5000) });
    return paymentMethod.array().parse(((await answer.json()) as { methods?: unknown }).methods);
  } catch {
    return [];
  }
}

/** What `--json` prints: enough for a script to find everything. */
function summary(system: System, events: readonly DemoEvent[]) {
  return {
    ready: true,
    url: system.url,
    servers: system.servers.map(({ url, pid }) => ({ url, pid })),
    workers: system.workers.map(({ url, pid }) => ({ url, pid })),
    events,
    accounts: DEMO_ACCOUNTS.map(({ email, password, role }) => ({ email, password, role })),
    logs: system.logs,
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function complain(text: string): void {
  process.stderr.write(`\n${text}\n`);
}
