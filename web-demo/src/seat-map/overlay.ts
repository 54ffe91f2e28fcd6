/** What lies above the seats: section names, the keyboard's cursor, and a pulse where somebody else just did something. */
import { type Camera, toScreen } from './camera.ts';
import type { Scene } from './painter.ts';

export interface Pulse {
  readonly place: number;
  readonly startedAt: number;
  readonly color: string;
}

export const PULSE_MS = 900;
/** When a seat is larger than this on screen, section names would only be in the way. */
const HIDE_NAMES_FROM_PX = 8;

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
  const size = Math.max(10, Math.min(17, 26 * camera.scale * 1.4));
  const fade = radius < HIDE_NAMES_FROM_PX ? 1 : Math.max(0, 1 - (radius - HIDE_NAMES_FROM_PX) / 4);
  const stage = chart.stage.outline;
  const stageX = stage.reduce((sum, p) => sum + p[0], 0) / stage.length;
  const stageY = stage.reduce((sum, p) => sum + p[1], 0) / stage.length;
  const [sx, sy] = toScreen(camera, stageX, stageY);
  ctx.font = `600 ${Math.max(10, Math.min(16, size))}px 'Archivo Variable', system-ui, sans-serif`;
  ctx.fillStyle = theme.stageText;
  ctx.letterSpacing = '0.12em';
  ctx.fillText(chart.stage.label.toUpperCase(), sx, sy);
  ctx.letterSpacing = '0em';
  for (const section of chart.sections) {
    const alpha = section.kind === 'ga' ? 1 : fade;
    if (alpha <= 0) continue;
    const [x, y] = toScreen(camera, section.label[0], section.label[1]);
    ctx.globalAlpha = alpha;
    ctx.lineWidth = 4;
    ctx.lineJoin = 'round';
    ctx.strokeStyle = theme.labelHalo;
    ctx.fillStyle = theme.label;
    ctx.font = `650 ${size}px 'Archivo Variable', system-ui, sans-serif`;
    ctx.strokeText(section.name, x, y);
    ctx.fillText(section.name, x, y);
    if (section.kind === 'ga') {
      ctx.font = `500 ${Math.max(10, size * 0.8)}px 'Archivo Variable', system-ui, sans-serif`;
      const left = `${scene.freeIn(section)} left`;
      ctx.strokeText(left, x, y + size * 1.25);
      ctx.fillText(left, x, y + size * 1.25);
    }
    ctx.globalAlpha = 1;
  }
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
