import { expect, test } from 'vitest';
import { between, boundsOf, clamp, fit, frame, pan, toScreen, toWorld, zoomAt } from './camera.ts';

const world = { width: 1000, height: 800 };
const view = { width: 500, height: 500 };
const bounds = boundsOf(world, view, 4);

test('fit shows the whole world, centred', () => {
  const camera = fit(world, view, 0);
  expect(camera.scale).toBeCloseTo(0.5);
  expect(toScreen(camera, 500, 400)).toEqual([250, 250]);
});

test('screen and world are each other turned round', () => {
  const camera = { scale: 1.7, tx: 12, ty: -40 };
  const [x, y] = toWorld(camera, ...toScreen(camera, 123, 456));
  expect(x).toBeCloseTo(123);
  expect(y).toBeCloseTo(456);
});

test('zooming keeps the point under the pointer where it is', () => {
  const camera = fit(world, view);
  const before = toWorld(camera, 100, 320);
  const after = toWorld(zoomAt(camera, 2.5, 100, 320, bounds), 100, 320);
  expect(after[0]).toBeCloseTo(before[0]);
  expect(after[1]).toBeCloseTo(before[1]);
});

test('zoom stops at its bounds', () => {
  let camera = fit(world, view);
  for (let i = 0; i < 40; i++) camera = zoomAt(camera, 2, 0, 0, bounds);
  expect(camera.scale).toBe(bounds.maxScale);
  for (let i = 0; i < 80; i++) camera = zoomAt(camera, 0.5, 0, 0, bounds);
  expect(camera.scale).toBe(bounds.minScale);
});

test('the camera cannot be lost: however far a person pans, some of the world stays in view', () => {
  const lost = clamp(pan(fit(world, view), 1e6, -1e6), bounds);
  const [x] = toScreen(lost, 0, 0);
  const [, y] = toScreen(lost, 0, 800);
  expect(x).toBeLessThan(view.width);
  expect(y).toBeGreaterThan(0);
});

test('framing a rectangle puts it whole into view', () => {
  const camera = frame(100, 100, 300, 200, bounds);
  const [x0, y0] = toScreen(camera, 100, 100);
  const [x1, y1] = toScreen(camera, 300, 200);
  expect(x0).toBeGreaterThanOrEqual(0);
  expect(y0).toBeGreaterThanOrEqual(0);
  expect(x1).toBeLessThanOrEqual(view.width);
  expect(y1).toBeLessThanOrEqual(view.height);
});

test('a glide starts and ends where it should', () => {
  const a = fit(world, view);
  const b = frame(0, 0, 100, 100, bounds);
  expect(between(a, b, 0)).toEqual(a);
  expect(between(a, b, 1).scale).toBeCloseTo(b.scale);
  expect(between(a, b, 1).tx).toBeCloseTo(b.tx);
});
