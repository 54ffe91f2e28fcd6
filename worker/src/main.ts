#!/usr/bin/env node
/**
 * The worker: everything that follows an accepted purchase, and whatever must happen without anybody asking.
 *
 * What: the flush of the outbox into the ledger (flush/), payment jobs (tasks/), and the care of the seats in Redis: expiry,
 * rebuild, reconcile (seats/). Any number of workers run side by side; they share work by consumer group, by job locks and by
 * turns, and all of it bears being done twice.
 * Invariants: confirmed only after the commit; acked only after all that follows the commit; captured only what is confirmed.
 * May import: @seatwire/protocol and @seatwire/store, never the server.
 */
import { eventId } from '@seatwire/protocol';
import { LedgerUnavailable, OptionError, StoreUnavailable } from '@seatwire/store';
import { pino } from 'pino';
import { rebuildCommand } from './commands/rebuild.ts';
import { reconcileCommand, report } from './commands/reconcile.ts';
import { run } from './commands/run.ts';
import { help, readConfig, type WorkerConfig } from './config.ts';

const [command, ...rest] = process.argv.slice(2);
const stderr = 2;

// Connections that were opened on the way to a failure must not keep the process alive.
process.exit(await main().catch(explain));

/** What the user can do something about in a line; anything else with its stack. */
function explain(error: unknown): number {
  if (error instanceof OptionError) {
    console.error(`${error.message}\n\nworker --help lists the options.`);
    return 2;
  }
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (taken) console.error('The port is taken. Choose another with --port, or 0 for a free one.');
  else if (error instanceof LedgerUnavailable) console.error(`${error.message}\nIs DATABASE_URL right?`);
  else if (error instanceof StoreUnavailable) console.error(`${error.message}\nIs REDIS_URL right?`);
  else console.error(error);
  return 1;
}

async function main(): Promise<number> {
  if (command === '--help' || command === '-h' || rest.includes('--help')) {
    console.log(help());
    return 0;
  }
  if (command === 'rebuild') return await rebuildOne(rest);
  if (command === 'reconcile') return await reconcileSome(rest);
  return await serve(readConfig(process.argv.slice(2)));
}

async function serve(config: WorkerConfig): Promise<number> {
  const log = pino({ name: 'worker', level: config.logLevel });
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const worker = await run(config, log);
  log.info({ ready: true, port: worker.port, consumer: config.consumer }, 'working');
  const signal = await signalled;
  log.info({ signal }, 'finishing what is in hand');
  const late = setTimeout(() => {
    // Nothing is lost: what was not acked is taken over by another worker.
    log.error({ drainMs: config.drainMs }, 'not finished in time, leaving');
    process.exit(1);
  }, config.drainMs);
  process.once('SIGTERM', () => process.exit(1));
  process.once('SIGINT', () => process.exit(1));
  await worker.stop();
  clearTimeout(late);
  log.info('done');
  return 0;
}

async function rebuildOne([name = '', ...options]: readonly string[]): Promise<number> {
  const event = eventId.safeParse(name);
  if (!event.success) throw new OptionError([`rebuild: ${JSON.stringify(name)} is not an event id`]);
  const config = readConfig(options);
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  process.once('SIGTERM', () => ending.abort());
  const log = pino({ name: 'worker', level: config.logLevel }, pino.destination(stderr));
  const result = await rebuildCommand(config, log, event.data, ending.signal);
  console.log(JSON.stringify(result));
  return result.kind === 'rebuilt' ? 0 : 1;
}

async function reconcileSome(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const [first, ...others] = args.filter((argument) => argument !== '--json');
  const named = first !== undefined && !first.startsWith('--');
  const event = named ? eventId.safeParse(first) : null;
  if (event?.success === false)
    throw new OptionError([`reconcile: ${JSON.stringify(first)} is not an event id`]);
  const config = readConfig(named ? others : args.filter((argument) => argument !== '--json'));
  const log = pino({ name: 'worker', level: config.logLevel }, pino.destination(stderr));
  const results = await reconcileCommand(config, log, event?.data ?? null);
  if (results === 'unknown_event') {
    console.error('no such event in the ledger');
    return 1;
  }
  console.log(json ? JSON.stringify(results) : report(results));
  return results.every(({ differences }) => differences.length === 0) ? 0 : 1;
}
