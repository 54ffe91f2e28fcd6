/** Times on the pages: the venue's wall time wherever it is read, and texts that change when the server's clock says so. */
import { expect, test } from 'vitest';
import { type Hall, type HallOptions, openHall } from '../e2e/hall.ts';
import { buyByRest, holdByRest, signIn } from '../e2e/rest.ts';
import { until } from '../e2e/until.ts';
import { openSite } from './site.ts';
import type { Visitor } from './visitor.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Long enough to open a page on a busy machine before it is over. */
const SOON = 15_000;
const ROTTERDAM = { city: 'Rotterdam', venue: 'Harbour Arena', timeZone: 'Europe/Amsterdam' };
/** The 4th of January at nine in the evening, at the venue. */
const STARTS = '2035-01-04T20:00:00.000Z';

const site = openSite('time');
const visitor = site.visitor;

const evening = (event: HallOptions['event'] = {}, buyers = 0) =>
  openHall(site.system, { rows: 4, seatsPerRow: 10, buyers, event: { ...ROTTERDAM, ...event } });
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

/** The window of the sale as the picker tells it; null while tickets are on sale. */
const noted = ({ page }: Visitor) =>
  page.evaluate<string | null>(`document.querySelector('[data-testid=sale-window]')?.dataset.window ?? null`);
const offered = ({ page }: Visitor, hall: Hall) =>
  page.locator(`a[href="/event/${hall.event}"]`).getByTestId('offer').getAttribute('data-window');

test.each([
  ['Europe/Amsterdam', false],
  ['America/New_York', true],
  ['Asia/Tokyo', true],
] as const)(
  '[CB19] in %s all pages tell the wall time of the venue, with its year',
  async (timeZone, far) => {
    const hall = await evening({
      title: 'A winter evening',
      startsAt: STARTS,
      saleOpensAt: '2034-12-02T02:28:00.000Z',
      saleClosesAt: STARTS,
    });
    const reader = await visitor({ timeZone });
    const said = async (text: string | null) => {
      expect(text).toMatch(/Thu/);
      expect(text).toMatch(/4 January 2035 at 21:00/);
      expect(text?.includes('Rotterdam time')).toBe(far);
    };
    await reader.open('/');
    const card = reader.page.locator(`a[href="/event/${hall.event}"]`);
    await said(await card.getByTestId('event-time').textContent());
    expect(await card.locator('.day').textContent()).toBe('4');
    expect(await card.getByTestId('offer').textContent()).toMatch(/Opens Sat.* 2 December 2034 at 03:28/);
    await card.click();
    await said(await reader.page.getByTestId('event-time').textContent());
    const note = await reader.page.getByTestId('sale-window').textContent();
    expect(note).toMatch(/Opens Sat.* 2 December 2034 at 03:28/);
    expect(note?.includes('Rotterdam time')).toBe(far);
    await reader.open(`/monitor/${hall.event}`);
    await reader.signIn(hall.organizer);
    await said(await reader.page.locator('.monitor-head').textContent());
  },
);

test('[CD7] a ticket says when and where, on the clock of the venue', async () => {
  const hall = await evening({ title: 'Bought far away', startsAt: STARTS }, 1);
  const [buyer] = hall.buyers;
  const token = await signIn(site.system.url, buyer!);
  // Until the worker has made its map.
  const held = await until('the hall is live', 20_000, async () => {
    const answer = await holdByRest(site.system.url, token, hall.event, 'hold-far-away', [3, 4]);
    return answer.ok && answer;
  });
  const bought = await buyByRest(site.system.url, token, hall.event, held.body.hold, 'order-far-away');
  if (!bought.ok) throw new Error(bought.text);
  const reader = await visitor({ timeZone: 'America/New_York' });
  await reader.open('/orders');
  await reader.signIn(buyer!);
  const order = reader.page.getByTestId('order');
  await order.waitFor();
  expect(await order.getByRole('heading').textContent()).toBe('Bought far away');
  expect(await order.textContent()).toContain('Harbour Arena, Rotterdam');
  expect(await order.getByTestId('event-time').textContent()).toMatch(
    /^Thu.* 4 January 2035 at 21:00, Rotterdam time$/,
  );
  expect(await order.getByTestId('ticket').count()).toBe(2);
});

test.each([
  ['right', 0],
  ['an hour behind', -HOUR],
  ['an hour ahead', HOUR],
])(
  '[CB20] [CB22] [CD14] a page left open opens and ends with the sale, the clock of the machine being %s',
  async (_, wrong) => {
    const hall = await evening({ saleOpensAt: inMs(SOON), saleClosesAt: inMs(2 * SOON) });
    const [buyer, list] = await Promise.all([
      visitor({ clockIsWrongBy: wrong }),
      visitor({ clockIsWrongBy: wrong }),
    ]);
    await Promise.all([buyer.openEvent(hall.event), list.open('/')]);
    expect(await noted(buyer)).toBe('before');
    expect(await offered(list, hall)).toBe('before');
    const left = async () =>
      Number(/in (\d+) s/.exec((await buyer.page.getByTestId('sale-window').textContent())!)![1]);
    const first = await left();
    expect(first).toBeLessThanOrEqual(SOON / 1000);
    await until('the wait grows shorter', 5000, async () => (await left()) < first);
    await until('the sale opens', 2 * SOON, async () => (await noted(buyer)) === null || undefined);
    // Not before its time, by the clock of this machine, which is the server's.
    const { saleOpensAt, saleClosesAt } = await detail(hall);
    const opened = Date.now() - Date.parse(saleOpensAt);
    expect(opened).toBeGreaterThan(-250);
    await until('the list says so', SOON, async () => (await offered(list, hall)) === 'open');
    await until('the sale ends', 2 * SOON, async () => (await noted(buyer)) === 'ended');
    expect(Date.now() - Date.parse(saleClosesAt)).toBeGreaterThan(-250);
    await until('the list says so', SOON, async () => (await offered(list, hall)) === 'ended');
  },
);

test('[CB22] a clock that is set while the page is open opens and ends nothing', async () => {
  const soon = await evening({ saleOpensAt: inMs(HOUR / 2) });
  const open = await evening({ saleOpensAt: inMs(-HOUR), saleClosesAt: inMs(HOUR / 2) });
  const reader = await visitor({ clockIsWrongBy: 0 });
  for (const [hall, wanted] of [
    [soon, 'before'],
    [open, null],
  ] as const) {
    await reader.openEvent(hall.event);
    for (const wrong of [HOUR, -2 * HOUR]) {
      await reader.setMachineClock(wrong);
      // As a page that comes to the front again.
      await reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await reader.page.evaluate("fetch('/', { method: 'HEAD', cache: 'no-store' }).then(() => null)");
      expect(await noted(reader), `${wrong}`).toBe(wanted);
    }
    await reader.setMachineClock(0);
  }
});

test('[CB22] [CB24] a sale that opened minutes ago is open, one that is over has ended, on a machine an hour off', async () => {
  const open = await evening({ saleOpensAt: inMs(-HOUR / 6) });
  const over = await evening({ saleOpensAt: inMs(-2 * DAY), saleClosesAt: inMs(-HOUR / 6) });
  for (const wrong of [-HOUR, HOUR]) {
    const reader = await visitor({ clockIsWrongBy: wrong });
    await reader.open('/');
    await reader.page.getByTestId('event-card').first().waitFor();
    expect(await offered(reader, open)).toBe('open');
    expect(await offered(reader, over)).toBe('ended');
    await reader.openEvent(open.event);
    expect(await noted(reader)).toBeNull();
    await reader.openEvent(over.event);
    expect(await noted(reader)).toBe('ended');
    expect(await reader.page.getByTestId('sale-window').textContent()).toContain('The sale has ended');
  }
});

async function detail({ event }: Hall): Promise<{ saleOpensAt: string; saleClosesAt: string }> {
  const response = await fetch(`${site.system.url}/api/events/${event}`);
  return (await response.json()) as { saleOpensAt: string; saleClosesAt: string };
}
