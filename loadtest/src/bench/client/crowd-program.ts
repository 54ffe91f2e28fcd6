/** The process of a crowd: hears `ToCrowd`, answers `FromCrowd`, and ends with whoever started it. */
import { Buyers } from './buyers.ts';
import type { FromCrowd, ToCrowd } from './crowd.ts';
import { Viewers } from './viewers.ts';

let crowd: Buyers | Viewers | null = null;

const say = (answer: FromCrowd) => process.send?.(answer);
process.once('disconnect', () => process.exit());
process.on('message', (message) => {
  obey(message as ToCrowd).catch((error: unknown) =>
    say({ said: 'trouble', why: error instanceof Error ? error.message : String(error) }),
  );
});

async function obey(order: ToCrowd): Promise<void> {
  if (order.do === 'open') {
    const trouble = (why: string): void => void say({ said: 'trouble', why });
    const from = performance.now();
    crowd =
      order.wish.kind === 'viewers'
        ? await Viewers.open(order.wish, trouble)
        : await Buyers.open(order.wish, trouble);
    say({ said: 'open', tookMs: performance.now() - from });
    return;
  }
  if (crowd === null) throw new Error('nobody is here yet');
  switch (order.do) {
    case 'start':
      crowd.start();
      say({ said: 'started' });
      return;
    case 'pause':
      await crowd.pause();
      say({ said: 'paused' });
      return;
    case 'mark': {
      const { user, system } = process.cpuUsage();
      const at = Number(process.hrtime.bigint()) / 1e6;
      say({ said: 'mark', at, cpu: (user + system) / 1000, ...crowd.counts() });
      return;
    }
    case 'report':
      say({
        said: 'report',
        buyers: crowd instanceof Buyers ? crowd.report() : null,
        viewers: crowd instanceof Viewers ? crowd.report() : null,
      });
  }
}
