/** Draws the world: stage, sections, seats (base canvas), and labels, cursor and pulses above them (overlay canvas). Seats are batched by style. */
import type { MapCode, Section } from '@seatwire/protocol';
import { type Camera, toScreen, toWorld } from './camera.ts';
import type { HitGrid } from './hit-grid.ts';
import type { Layout } from './layout.ts';
import { type SeatStyle, STYLE_COUNT, styleNumber, type Theme } from './seat-style.ts';

export interface Scene {
  readonly layout: Layout;
  readonly grid: HitGrid;
  readonly theme: Theme;
  readonly styles: readonly SeatStyle[];
  readonly codeOf: (place: number) => MapCode;
  readonly selected: ReadonlySet<number>;
  readonly mine: ReadonlySet<number>;
  /** Categories the legend switched off are drawn as if taken. */
  readonly dimmed: ReadonlySet<number>;
  /** Free places left, per section index, for labels of general admission. */
  readonly freeIn: (section: Section) => number;
}

/** Below this radius in pixels a disc and a square look alike, and squares are 4 times faster. */
const SQUARE_BELOW_PX = 2.1;
/** From this radius on a check mark can be read. */
const CHECK_FROM_PX = 4.5;

const buckets: number[][] = Array.from({ length: STYLE_COUNT }, () => []);

export function paintBase(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  camera: Camera,
  width: number,
  height: number,
): void {
  const { layout, theme, grid } = scene;
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, width, height);
  paintAreas(ctx, scene, camera);
  for (const bucket of buckets) bucket.length = 0;
  const [x0, y0] = toWorld(camera, -20, -20);
  const [x1, y1] = toWorld(camera, width + 20, height + 20);
  grid.within(x0, y0, x1, y1, (place) => {
    buckets[styleAt(scene, place)]!.push(place);
  });
  const radius = layout.radius * camera.scale;
  for (let style = 0; style < STYLE_COUNT; style++) {
    if (buckets[style]!.length > 0)
      paintSeats(ctx, layout, camera, radius, scene.styles[style]!, buckets[style]!);
  }
}

/** Repaints single places in place: a 1,000-seat diff costs about a millisecond, a full repaint of 50k about 20. */
export function repaintSeats(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  camera: Camera,
  places: Iterable<number>,
): void {
  const { layout, theme } = scene;
  const radius = layout.radius * camera.scale;
  const clear = radius * 1.22 + 0.7;
  for (const bucket of buckets) bucket.length = 0;
  ctx.fillStyle = theme.section;
  for (const place of places) {
    if (Number.isNaN(layout.x[place]!)) continue;
    const [x, y] = toScreen(camera, layout.x[place]!, layout.y[place]!);
    ctx.fillRect(x - clear, y - clear, clear * 2, clear * 2);
    buckets[styleAt(scene, place)]!.push(place);
    // What the square took from its neighbours is given back.
    scene.grid.within(
      layout.x[place]! - layout.radius * 3,
      layout.y[place]! - layout.radius * 3,
      layout.x[place]! + layout.radius * 3,
      layout.y[place]! + layout.radius * 3,
      (other) => {
        const dx = Math.abs(layout.x[other]! - layout.x[place]!);
        const dy = Math.abs(layout.y[other]! - layout.y[place]!);
        if (other !== place && dx < layout.radius * 3 && dy < layout.radius * 3) {
          buckets[styleAt(scene, other)]!.push(other);
        }
      },
    );
  }
  for (let style = 0; style < STYLE_COUNT; style++) {
    if (buckets[style]!.length > 0)
      paintSeats(ctx, layout, camera, radius, scene.styles[style]!, buckets[style]!);
  }
}

function styleAt(scene: Scene, place: number): number {
  const category = scene.layout.categoryOf[place]!;
  const code = scene.codeOf(place);
  const shown = code === 0 && scene.dimmed.has(category) ? 2 : code;
  return styleNumber(shown, category, scene.selected.has(place), scene.mine.has(place));
}

function paintSeats(
  ctx: CanvasRenderingContext2D,
  layout: Layout,
  camera: Camera,
  radius: number,
  style: SeatStyle,
  places: readonly number[],
): void {
  const r = Math.max(0.6, radius * style.size);
  const { scale, tx, ty } = camera;
  ctx.fillStyle = style.color;
  ctx.strokeStyle = style.color;
  if (radius < SQUARE_BELOW_PX) {
    const side = Math.max(1, r * 1.7);
    for (const place of places) {
      ctx.fillRect(
        layout.x[place]! * scale + tx - side / 2,
        layout.y[place]! * scale + ty - side / 2,
        side,
        side,
      );
    }
    return;
  }
  ctx.beginPath();
  for (const place of places) {
    const x = layout.x[place]! * scale + tx;
    const y = layout.y[place]! * scale + ty;
    if (style.shape === 'bar') {
      ctx.moveTo(x - r, y);
      ctx.lineTo(x + r, y);
    } else {
      ctx.moveTo(x + r, y);
      ctx.arc(x, y, r, 0, 2 * Math.PI);
    }
  }
  if (style.shape === 'disc') ctx.fill();
  else {
    ctx.lineWidth = Math.max(1, radius * (style.shape === 'ring' ? 0.3 : 0.36));
    ctx.stroke();
  }
  if (style.check && radius >= CHECK_FROM_PX) {
    ctx.strokeStyle = style.check;
    ctx.lineWidth = Math.max(1.2, r * 0.2);
    ctx.lineCap = 'round';
    ctx.lineJoin = 'round';
    ctx.beginPath();
    for (const place of places) {
      const x = layout.x[place]! * scale + tx;
      const y = layout.y[place]! * scale + ty;
      ctx.moveTo(x - r * 0.42, y + r * 0.02);
      ctx.lineTo(x - r * 0.1, y + r * 0.34);
      ctx.lineTo(x + r * 0.44, y - r * 0.32);
    }
    ctx.stroke();
  }
}

function tracePolygon(
  ctx: CanvasRenderingContext2D,
  camera: Camera,
  outline: readonly (readonly [number, number])[],
): void {
  ctx.beginPath();
  outline.forEach(([x, y], i) => {
    const [sx, sy] = toScreen(camera, x, y);
    if (i === 0) ctx.moveTo(sx, sy);
    else ctx.lineTo(sx, sy);
  });
  ctx.closePath();
}

function paintAreas(ctx: CanvasRenderingContext2D, scene: Scene, camera: Camera): void {
  const { theme, layout } = scene;
  const { chart } = layout;
  ctx.lineJoin = 'round';
  tracePolygon(ctx, camera, chart.stage.outline);
  ctx.fillStyle = theme.stage;
  ctx.fill();
  for (const section of chart.sections) {
    tracePolygon(ctx, camera, section.outline);
    ctx.fillStyle = theme.section;
    ctx.fill();
    ctx.strokeStyle = theme.sectionLine;
    ctx.lineWidth = 1;
    ctx.stroke();
    if (section.kind === 'ga') paintStanding(ctx, scene, camera, section);
  }
}

/** General admission: the area in its category's colour, as full as it is free. */
function paintStanding(ctx: CanvasRenderingContext2D, scene: Scene, camera: Camera, section: Section): void {
  const style = scene.styles[scene.layout.categoryOf[section.first]!]!;
  const share = scene.freeIn(section) / section.count;
  ctx.save();
  tracePolygon(ctx, camera, section.outline);
  ctx.globalAlpha = share === 0 ? 0.06 : 0.16 + 0.34 * share;
  ctx.fillStyle = style.color;
  ctx.fill();
  ctx.globalAlpha = share === 0 ? 0.3 : 0.9;
  ctx.strokeStyle = style.color;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  ctx.restore();
}
