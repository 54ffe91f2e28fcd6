/** Fifty thousand places in one page: what travels, and how soon it is seen. */
import { largeStadium } from '@seatwire/local';
import { decodeDown, decodeUp } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { type Hall, openHall } from '../e2e/hall.ts';
import { until } from '../e2e/until.ts';
import { openSite } from './site.ts';

const PLACES = 50_000;
/** 2 bits a place are 12,500 bytes. */
const MAX_SNAPSHOT_BYTES = 13_000;
/** Only to notice when something is badly wrong: the figures are printed. */
const PAINTED_WITHIN_MS = 15_000;

let stadium: Hall;

const site = openSite('large', {
  seed: async (urls) => {
    stadium = await openHall(urls, { chart: largeStadium(PLACES), buyers: 0 });
  },
});

test('a map of 50,000 places arrives in one frame of 13 KB at most, is painted, and can be moved', async () => {
  const visitor = await site.visitor({ viewport: { width: 1280, height: 800 } });
  const { page } = visitor;
  // Times are taken in the page: what Playwright hears comes later.
  await page.addInitScript(`{
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (frame) {
      performance.mark('sent');
      return send.call(this, frame);
    };
  }`);
  const said: string[] = [];
  const snapshots: number[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const frame = typeof payload === 'string' ? null : decodeUp(new Uint8Array(payload));
      said.push(frame?.ok ? frame.message.type : 'unknown');
    });
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') return;
      const frame = decodeDown(new Uint8Array(payload));
      if (frame.ok && frame.message.type === 'snapshot') {
        expect(frame.message.places).toBe(PLACES);
        snapshots.push(payload.byteLength);
      }
    });
  });
  await visitor.openEvent(stadium.event);
  const painted = await page.evaluate<number>(
    `performance.getEntriesByName('seatwire:painted')[0].startTime`,
  );
  const joined = await page.evaluate<number>(
    `performance.getEntriesByName('sent')[${said.indexOf('join')}].startTime`,
  );
  console.log(
    `50,000 places: snapshot frame ${snapshots[0]} bytes; painted ${Math.round(painted)} ms after navigation, ${Math.round(painted - joined)} ms after the join was sent`,
  );
  expect(snapshots).toHaveLength(1);
  expect(snapshots[0]).toBeLessThanOrEqual(MAX_SNAPSHOT_BYTES);
  expect(painted).toBeLessThan(PAINTED_WITHIN_MS);

  const picture = () =>
    page.evaluate<{ hash: number; colors: number }>(`(() => {
      const canvas = document.querySelector('canvas.map-layer');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
      let hash = 0;
      for (const pixel of pixels) hash = (hash * 31 + pixel) | 0;
      return { hash, colors: new Set(pixels).size };
    })()`);
  const whole = await picture();
  expect(whole.colors).toBeGreaterThan(5);
  const box = (await page.getByTestId('seat-map').boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 3];
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -600);
  const zoomed = await until('zooming repaints', 5000, async () => {
    const now = await picture();
    return now.hash !== whole.hash ? now : null;
  });
  await page.mouse.down();
  await page.mouse.move(x + 120, y + 60, { steps: 5 });
  await page.mouse.up();
  await until('dragging repaints', 5000, async () => (await picture()).hash !== zoomed.hash);
  await page.getByRole('button', { name: 'Show the whole map' }).click();
  await until('the whole map is back', 5000, async () => (await picture()).hash === whole.hash);
  expect(visitor.complaints).toEqual([]);
});
