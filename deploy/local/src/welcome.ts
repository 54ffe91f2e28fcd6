/** What `npm start` prints when everything is up. */
import type { PaymentMethod } from '@seatwire/protocol';
import { DEMO_ACCOUNTS } from './demo/accounts.ts';
import type { DemoEvent } from './demo/seed.ts';

export interface Welcome {
  /** Where the page is. */
  readonly url: string;
  readonly events: readonly DemoEvent[];
  /** What the simulated provider accepts; empty when it could not be asked. */
  readonly cards: readonly PaymentMethod[];
  readonly crowd: boolean;
  readonly logs: string;
}

export function welcome({ url, events, cards, crowd, logs }: Welcome): string {
  const main = events[0];
  const page = url.replace('//127.0.0.1:', '//localhost:');
  const table = (rows: readonly (readonly string[])[]) => {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    return rows.map(
      (row) =>
        `    ${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}`,
    );
  };
  return [
    '',
    `  Seatwire is running:  ${page}/`,
    ...(main === undefined ? [] : [`  Organizer's monitor:  ${page}/monitor/${main.id}`]),
    '',
    '  On sale',
    ...table(
      events.map((event) => [
        event.title,
        `${event.places.toLocaleString('en')} places`,
        event.onSale ? `${page}/event/${event.id}` : 'not yet on sale',
      ]),
    ),
    '',
    '  Demo accounts',
    ...table(DEMO_ACCOUNTS.map(({ email, password, role }) => [email, password, role])),
    ...(cards.length === 0
      ? []
      : ['', '  Test cards', ...table(cards.map(({ label, outcome }) => [label, outcome]))]),
    '',
    crowd
      ? '  A small simulated crowd is holding and buying; --quiet leaves it out.'
      : '  Quiet: no simulated crowd.',
    `  Logs: ${logs}`,
    '  Ctrl-C stops everything; data is kept, --reset begins anew.',
    '',
    '',
  ].join('\n');
}
