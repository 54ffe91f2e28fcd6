import { afterAll, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';

const browser = await launchChromium();
afterAll(() => browser.close());

test('a real Chromium runs a page and paints it', async () => {
  const page = await browser.newPage({ viewport: { width: 200, height: 100 } });
  await page.goto('data:text/html,<title>Seats</title><body style="margin:0;background:rgb(10,200,30)">A1');
  expect(await page.evaluate('6 * 7')).toBe(42);
  expect(await page.title()).toBe('Seats');
  const image = await page.screenshot();
  expect(image.subarray(1, 4).toString()).toBe('PNG');
  expect(image.readUInt32BE(16)).toBe(200);
  // As text: this package is compiled without the browser's types.
  const painted = await page.evaluate(`(async () => {
    const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,${image.toString('base64')}')).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    canvas.drawImage(bitmap, 0, 0);
    return [...canvas.getImageData(150, 80, 1, 1).data];
  })()`);
  expect(painted).toEqual([10, 200, 30, 255]);
});

test('it has a font: text takes room, on the page and on a canvas', async () => {
  const page = await browser.newPage();
  await page.setContent('<span style="font-size: 20px">Seats</span>');
  expect(await page.evaluate(`document.querySelector('span').offsetWidth`)).toBeGreaterThan(30);
  const measured = `(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.font = '20px system-ui, sans-serif';
    return canvas.measureText('Seats').width;
  })()`;
  expect(await page.evaluate(measured)).toBeGreaterThan(30);
  await page.close();
});

test('two pages of separate visitors live side by side, and closing one leaves the other', async () => {
  const [a, b] = await Promise.all([browser.newContext(), browser.newContext()]);
  const [pageA, pageB] = await Promise.all([a.newPage(), b.newPage()]);
  await pageA.setContent('<h1>A</h1>');
  await pageB.setContent('<h1>B</h1>');
  await a.close();
  expect(await pageB.textContent('h1')).toBe('B');
  await b.close();
});
