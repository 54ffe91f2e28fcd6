/** What lies above the seats: section names, the keyboard's cursor, and a pulse where somebody else just did something. */
import type { Point, Section } from '@seatwire/protocol';
import { type Camera, toScreen, toWorld } from './camera.ts';
import type { Scene } from './painter.ts';

export interface Pulse {
  readonly place: number;
  readonly startedAt: number;
  readonly color: string;
}

export const PULSE_MS = 900;
/** When a seat is larger than this on screen, section names would only be in the way. */
const HIDE_NAMES_FROM_PX = 6;
/** From this radius on a two-digit number fits into a seat. */
const NUMBERS_FROM_PX = 10;

export function paintOverlay(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  camera: Camera,
  width: number,
  height: number,
  now: number,
  pulses: readonly Pulse[],
  cursor: number | null,
): void {
  ctx.clearRect(0, 0, width, height);
  const radius = scene.layout.radius * camera.scale;
  for (const pulse of pulses) paintPulse(ctx, scene, camera, radius, pulse, now);
  if (radius >= NUMBERS_FROM_PX) paintNumbers(ctx, scene, camera, width, height);
  paintNames(ctx, scene, camera, radius);
  if (cursor !== null) paintCursor(ctx, scene, camera, radius, cursor);
}

function paintPulse(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  camera: Camera,
  radius: number,
  pulse: Pulse,
  now: number,
): void {
  const t = Math.min(1, (now - pulse.startedAt) / PULSE_MS);
  const x = scene.layout.x[pulse.place]!;
  if (Number.isNaN(x)) return;
  const [sx, sy] = toScreen(camera, x, scene.layout.y[pulse.place]!);
  ctx.globalAlpha = (1 - t) * 0.8;
  ctx.strokeStyle = pulse.color;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(sx, sy, Math.max(3, radius) + t * Math.max(9, radius * 1.6), 0, 2 * Math.PI);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function paintNames(ctx: CanvasRenderingContext2D, scene: Scene, camera: Camera, radius: number): void {
  const { theme, layout } = scene;
  const { chart } = layout;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  const size = Math.max(10, Math.min(18, 34 * camera.scale));
  const fade = radius < HIDE_NAMES_FROM_PX ? 1 : Math.max(0, 1 - (radius - HIDE_NAMES_FROM_PX) / 1.5);
  const [stageX, stageY] = toScreen(camera, ...centroid(chart.stage.outline));
  ctx.font = `650 ${Math.min(15, size)}px ${FONT}`;
  ctx.fillStyle = theme.stageText;
  ctx.fillText(chart.stage.label, stageX, stageY);
  for (const section of chart.sections) {
    const alpha = section.kind === 'ga' ? 1 : fade;
    if (alpha <= 0) continue;
    const [x, middle] = toScreen(camera, section.label[0], section.label[1]);
    // Two lines, of which the second says how many are left, stand about the middle together.
    const y = section.kind === 'ga' ? middle - size * 0.6 : middle;
    // "Section 101" stands on its section: the number says it.
    const name = section.name.replace(/^Section /, '');
    ctx.globalAlpha = alpha;
    ctx.lineWidth = 4;
    ctx.strokeStyle = theme.labelHalo;
    ctx.fillStyle = theme.label;
    ctx.font = `680 ${size}px ${FONT}`;
    if (ctx.measureText(name).width > widthOf(section, camera) * 1.1) continue;
    ctx.strokeText(name, x, y);
    ctx.fillText(name, x, y);
    if (section.kind === 'ga') {
      ctx.font = `500 ${Math.max(10, size * 0.8)}px ${FONT}`;
      const left = `${scene.freeIn(section)} left`;
      ctx.strokeText(left, x, y + size * 1.25);
      ctx.fillText(left, x, y + size * 1.25);
    }
  }
  ctx.globalAlpha = 1;
}

/** Seat numbers on free seats, once there is room for them, as on the seats themselves. */
function paintNumbers(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  camera: Camera,
  width: number,
  height: number,
): void {
  const { layout, grid } = scene;
  const [x0, y0] = toWorld(camera, 0, 0);
  const [x1, y1] = toWorld(camera, width, height);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.font = `620 ${Math.round(layout.radius * camera.scale * 0.82)}px ${FONT}`;
  ctx.fillStyle = 'rgb(10 12 16 / 78%)';
  grid.within(x0, y0, x1, y1, (place) => {
    if (scene.codeOf(place) !== 0 || scene.selected.has(place)) return;
    const [x, y] = toScreen(camera, layout.x[place]!, layout.y[place]!);
    ctx.fillText(String(layout.number[place]), x, y + 0.5);
  });
}

const FONT = "'Archivo Variable', system-ui, sans-serif";

function widthOf(section: Section, camera: Camera): number {
  const xs = section.outline.map((point) => point[0]);
  return (Math.max(...xs) - Math.min(...xs)) * camera.scale;
}

/** Centre of a polygon's area, which unlike the mean of its corners does not lean to where they crowd. */
function centroid(outline: readonly Point[]): Point {
  let area = 0;
  let x = 0;
  let y = 0;
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length]!;
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  });
  return area === 0 ? outline[0]! : [x / (3 * area), y / (3 * area)];
}

function paintCursor(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  camera: Camera,
  radius: number,
  place: number,
): void {
  const { layout, theme } = scene;
  if (Number.isNaN(layout.x[place]!)) return;
  const [x, y] = toScreen(camera, layout.x[place]!, layout.y[place]!);
  const r = Math.max(7, radius * 1.5);
  for (const [color, lineWidth] of [
    [theme.labelHalo, 5],
    [theme.ink, 2.4],
  ] as const) {
    ctx.strokeStyle = color;
    ctx.lineWidth = lineWidth;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.stroke();
  }
}
