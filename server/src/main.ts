#!/usr/bin/env node
/**
 * The server: sockets, rooms, REST and the web page. This file only composes: options, then one serving process (serve.ts), or several
 * under a supervisor. Prints one line with `"ready":true` when it listens; SIGTERM and SIGINT drain, a second one ends it at once.
 */
import { EXIT, openLog, type Running, runMain, runUntilSignal } from '@seatwire/program';
import { explainUnavailable } from '@seatwire/store';
import type { Logger } from 'pino';
import { type Config, help, readConfig } from './config.ts';
import { serve } from './serve.ts';
import { type Listening, Supervisor } from './supervisor.ts';

const args = process.argv.slice(2);
/** What a drained process still needs to close its lines. */
const CLOSING_MS = 5_000;

await runMain(main, explainUnavailable);

async function main(): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help());
    return EXIT.done;
  }
  const config = readConfig(args);
  const log = openLog('server', config.logLevel);
  const start = () => (config.processes > 1 ? superviseAll(config, log) : serveHere(config, log));
  return runUntilSignal(start, { stopWithinMs: config.drainMs + 2 * CLOSING_MS, log });
}

async function serveHere(config: Config, log: Logger): Promise<Running> {
  const supervised = process.send !== undefined;
  // Without its supervisor nothing would ever stop it.
  if (supervised) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  const { port, stop } = await serve(config, log);
  if (process.connected) process.send?.({ listening: port } satisfies Listening);
  return { ready: supervised ? { port } : { ready: true, port }, stop };
}

async function superviseAll(config: Config, log: Logger): Promise<Running> {
  const { processes, port, drainMs } = config;
  const program = process.argv[1]!;
  const supervisor = new Supervisor({
    program,
    args,
    processes,
    port,
    stopWithinMs: drainMs + CLOSING_MS,
    log,
  });
  const settled = await supervisor.start();
  return { ready: { ready: true, port: settled, processes: supervisor.pids }, stop: () => supervisor.stop() };
}
