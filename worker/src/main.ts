#!/usr/bin/env node
/**
 * The worker: everything that follows an accepted purchase, and all that must happen without a request.
 *
 * What: the flush of the outbox into the ledger (flush/), payment jobs (jobs/), and the care of the seats in Redis: expiry,
 * rebuild, reconcile (seats/). Any number of workers run side by side; they share work by consumer group, by job locks and by
 * work leases, and all of it may safely be done twice.
 * Invariants: confirmed only after the commit; acked only after all that follows the commit; captured only what is confirmed.
 * May import: @seatwire/protocol, @seatwire/store and @seatwire/program, never the server.
 */
import { EXIT, OptionError, onSignal, openLog, runMain, runUntilSignal } from '@seatwire/program';
import { eventId } from '@seatwire/protocol';
import { explainUnavailable } from '@seatwire/store';
import { rebuildCommand } from './commands/rebuild.ts';
import { reconcileCommand, report } from './commands/reconcile.ts';
import { run } from './commands/run.ts';
import { help, readConfig, type WorkerConfig } from './config.ts';

const [command, ...rest] = process.argv.slice(2);

await runMain(main, explainUnavailable);

async function main(): Promise<number> {
  if (command === '--help' || command === '-h' || rest.includes('--help')) {
    console.log(help());
    return EXIT.done;
  }
  if (command === 'rebuild') return await rebuildOne(rest);
  if (command === 'reconcile') return await reconcileSome(rest);
  return await serve(readConfig(process.argv.slice(2)));
}

function serve(config: WorkerConfig): Promise<number> {
  const log = openLog('worker', config.logLevel);
  // Nothing is lost when time runs out: what was not acked is taken over by another worker.
  return runUntilSignal(
    async () => {
      const { port, stop } = await run(config, log);
      return { ready: { ready: true, port, consumer: config.consumer }, stop };
    },
    { stopWithinMs: config.drainMs, log },
  );
}

async function rebuildOne([name = '', ...options]: readonly string[]): Promise<number> {
  const event = eventId.safeParse(name);
  if (!event.success) throw new OptionError([`rebuild: ${JSON.stringify(name)} is not an event id`]);
  const config = readConfig(options);
  const log = openLog('worker', config.logLevel, 'stderr');
  const result = await rebuildCommand(config, log, event.data, onSignal());
  console.log(JSON.stringify(result));
  return result.kind === 'rebuilt' ? EXIT.done : EXIT.failed;
}

async function reconcileSome(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const [first, ...others] = args.filter((argument) => argument !== '--json');
  const named = first !== undefined && !first.startsWith('--');
  const event = named ? eventId.safeParse(first) : null;
  if (event?.success === false)
    throw new OptionError([`reconcile: ${JSON.stringify(first)} is not an event id`]);
  const config = readConfig(named ? others : args.filter((argument) => argument !== '--json'));
  const log = openLog('worker', config.logLevel, 'stderr');
  const results = await reconcileCommand(config, log, event?.data ?? null);
  if (results === 'unknown_event') {
    console.error('no such event in the ledger');
    return EXIT.failed;
  }
  console.log(json ? JSON.stringify(results) : report(results));
  return results.every(({ differences }) => differences.length === 0) ? EXIT.done : EXIT.failed;
}
