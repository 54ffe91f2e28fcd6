#!/usr/bin/env node
/**
 * The server: sockets, rooms, REST and the web page. This file only composes: options, then one serving process (serve.ts), or several
 * under a supervisor. Prints one line with `"ready":true` when it listens; SIGTERM and SIGINT drain, a second one ends it at once.
 */
import { OptionError } from '@seatwire/store';
import { type Logger, pino } from 'pino';
import { type Config, help, readConfig } from './config.ts';
import { serve } from './serve.ts';
import { type Listening, Supervisor } from './supervisor.ts';

const args = process.argv.slice(2);
/** sysexits: the command line or the environment is wrong. */
const MISUSED = 64;
/** Ctrl-C reaches a whole process group, and whoever started us may pass it on: the same wish, heard twice. */
const SAME_WISH_MS = 1_000;

if (args.includes('--help') || args.includes('-h')) process.stdout.write(help());
else await main();

async function main(): Promise<void> {
  let config: Config;
  try {
    config = readConfig(args);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    process.stderr.write(`${error.problems.join('\n')}\n`);
    process.exitCode = MISUSED;
    return;
  }
  const log = pino({ level: config.logLevel });
  const starting = config.processes > 1 ? superviseAll(config, log) : serveHere(config, log);
  // A signal that comes while it starts waits for that, so that nothing is left behind half made.
  stopOnSignal(async () => (await starting)(), log);
  try {
    await starting;
  } catch (error) {
    log.fatal({ err: error }, 'the server could not start');
    process.exit(1);
  }
}

async function serveHere(config: Config, log: Logger): Promise<() => Promise<void>> {
  const supervised = process.send !== undefined;
  // Without its supervisor nobody would ever stop it.
  if (supervised) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  const { port, stop } = await serve(config, log);
  log.info(supervised ? { port } : { ready: true, port }, 'listening');
  if (process.connected) process.send?.({ listening: port } satisfies Listening);
  return stop;
}

async function superviseAll(config: Config, log: Logger): Promise<() => Promise<void>> {
  const { processes, port, drainMs } = config;
  const program = process.argv[1]!;
  const supervisor = new Supervisor({ program, args, processes, port, stopWithinMs: drainMs + 5_000, log });
  const settled = await supervisor.start();
  log.info({ ready: true, port: settled, processes: supervisor.pids }, 'listening');
  return () => supervisor.stop();
}

function stopOnSignal(stop: () => Promise<void>, log: Logger): void {
  let since: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (since !== null) {
      if (Date.now() - since > SAME_WISH_MS) process.exit(1);
      return;
    }
    since = Date.now();
    log.info({ signal }, 'draining');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'the server did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
