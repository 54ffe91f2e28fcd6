/** What part of the world the canvas shows. Immutable: every gesture makes a new camera. Screen units are CSS pixels. */
export interface Camera {
  /** CSS pixels per world unit. */
  readonly scale: number;
  /** Screen position of the world's origin. */
  readonly tx: number;
  readonly ty: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Closest zoom: a seat about 30 px across. */
const MAX_SEAT_RADIUS_PX = 18;

export function fit(world: Size, view: Size, margin = 24): Camera {
  const scale = Math.max(
    1e-6,
    Math.min((view.width - 2 * margin) / world.width, (view.height - 2 * margin) / world.height),
  );
  return {
    scale,
    tx: (view.width - world.width * scale) / 2,
    ty: (view.height - world.height * scale) / 2,
  };
}

export const toScreen = (c: Camera, x: number, y: number): readonly [number, number] => [
  x * c.scale + c.tx,
  y * c.scale + c.ty,
];

export const toWorld = (c: Camera, sx: number, sy: number): readonly [number, number] => [
  (sx - c.tx) / c.scale,
  (sy - c.ty) / c.scale,
];

export const pan = (c: Camera, dx: number, dy: number): Camera => ({ ...c, tx: c.tx + dx, ty: c.ty + dy });

/** Zooms by `factor`, the world point under (sx, sy) staying where it is. */
export function zoomAt(c: Camera, factor: number, sx: number, sy: number, bounds: Bounds): Camera {
  const scale = Math.min(bounds.maxScale, Math.max(bounds.minScale, c.scale * factor));
  const k = scale / c.scale;
  return { scale, tx: sx - (sx - c.tx) * k, ty: sy - (sy - c.ty) * k };
}

export interface Bounds {
  readonly minScale: number;
  readonly maxScale: number;
  readonly world: Size;
  readonly view: Size;
}

export function boundsOf(world: Size, view: Size, seatRadius: number): Bounds {
  const whole = fit(world, view).scale;
  return {
    minScale: whole * 0.8,
    maxScale: Math.max(whole * 2, MAX_SEAT_RADIUS_PX / seatRadius),
    world,
    view,
  };
}

/** Keeps at least a third of the view filled with world, so that nobody gets lost. */
export function clamp(c: Camera, b: Bounds): Camera {
  const keepX = b.view.width / 3;
  const keepY = b.view.height / 3;
  return {
    scale: c.scale,
    tx: Math.min(b.view.width - keepX, Math.max(keepX - b.world.width * c.scale, c.tx)),
    ty: Math.min(b.view.height - keepY, Math.max(keepY - b.world.height * c.scale, c.ty)),
  };
}

/** A camera that shows this world rectangle, padded. */
export function frame(x0: number, y0: number, x1: number, y1: number, b: Bounds): Camera {
  const width = Math.max(1e-6, x1 - x0);
  const height = Math.max(1e-6, y1 - y0);
  const scale = Math.min(b.maxScale, 0.82 * Math.min(b.view.width / width, b.view.height / height));
  return clamp(
    {
      scale,
      tx: b.view.width / 2 - ((x0 + x1) / 2) * scale,
      ty: b.view.height / 2 - ((y0 + y1) / 2) * scale,
    },
    b,
  );
}

/** Between two cameras, t in 0..1; zooms geometrically so that the motion feels even. */
export function between(a: Camera, b: Camera, t: number): Camera {
  const scale = a.scale * (b.scale / a.scale) ** t;
  const k = b.scale === a.scale ? t : (scale - a.scale) / (b.scale - a.scale);
  return { scale, tx: a.tx + (b.tx - a.tx) * k, ty: a.ty + (b.ty - a.ty) * k };
}
