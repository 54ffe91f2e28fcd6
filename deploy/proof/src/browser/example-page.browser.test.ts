/** protocol/examples/page.html, as a plain server of files hands it out, in a real Chromium before a real server. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { PROJECT } from '@seatwire/local';
import { afterAll, expect, test } from 'vitest';
import { type Hall, openHall } from '../e2e/hall.ts';
import { holdByRest, signIn } from '../e2e/rest.ts';
import { until } from '../e2e/until.ts';
import { openSite } from './site.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
};
const SEEN_WITHIN_MS = 20_000;

let files: Server;
let origin: string;
let hall: Hall;

/** The repository's files, of the kinds a page is made of. */
function serveFiles(): Server {
  return createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://files').pathname));
    const type = TYPES[extname(path)];
    const found =
      type === undefined ? Promise.reject(new Error('not a page')) : readFile(join(PROJECT, path));
    found.then(
      (data) => response.writeHead(200, { 'content-type': type }).end(data),
      () => response.writeHead(404).end(),
    );
  });
}

const site = openSite('example-page', async () => {
  files = serveFiles();
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  return {
    env: { ALLOWED_ORIGINS: origin },
    seed: async (urls) => {
      hall = await openHall(urls, { rows: 4, seatsPerRow: 10, buyers: 1 });
    },
  };
});
afterAll(() => void files?.close());

test('the example page.html counts the free places and paints a seat when it is held', async () => {
  const page = await site.browser.newPage();
  const complaints: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(`${line.text()} (${line.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const query = new URLSearchParams({ server: site.system.url, event: hall.event });
  await page.goto(`${origin}/protocol/examples/page.html?${query}`);
  const reads = (wanted: string) =>
    until(`the page reads ${wanted}`, SEEN_WITHIN_MS, async () => {
      const text = await page.textContent('#free');
      if (text !== wanted) throw new Error(`it reads ${text}; ${complaints.join('\n')}`);
      return true;
    });
  /** Of the middle of a seat; a plain hall has its first row at y = 80 and 10 units between seats. */
  const colorOf = (place: number) =>
    page.evaluate<string>(`(() => {
      const canvas = document.getElementById('map');
      const x = 20 + (${place % 10} * (canvas.width - 40)) / 9;
      const y = 80 + ${Math.floor(place / 10)} * 12;
      return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data.slice(0, 3)].join();
    })()`);
  const [free, held] = ['47,143,91', '224,160,48'];

  await reads('40 of 40 places are free');
  expect(await page.textContent('h1')).toBe('An evening in the hall');
  expect(await colorOf(13)).toBe(free);
  const token = await signIn(site.system.url, hall.buyers[0]!);
  expect((await holdByRest(site.system.url, token, hall.event, 'while-it-is-watched', [13, 14])).ok).toBe(
    true,
  );
  await reads('38 of 40 places are free');
  expect([await colorOf(12), await colorOf(13), await colorOf(14)]).toEqual([free, held, held]);
  expect(complaints).toEqual([]);
});
