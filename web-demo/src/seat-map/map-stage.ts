/** The stage: two canvases, a camera, and one animation frame at a time. Gestures (gestures.ts) move the camera; whoever owns the map says what changed. */
import type { MapCode, Section } from '@seatwire/protocol';
import {
  type Bounds,
  between,
  boundsOf,
  type Camera,
  clamp,
  fit,
  frame,
  toScreen,
  zoomAt,
} from './camera.ts';
import { type HitGrid, hitGrid } from './hit-grid.ts';
import type { Layout } from './layout.ts';
import { PULSE_MS, type Pulse, paintOverlay } from './overlay.ts';
import { paintBase, repaintSeats, type Scene } from './painter.ts';
import { type Palette, readTheme, seatStyles } from './seat-style.ts';

export interface MapSource {
  codeOf(place: number): MapCode;
  freeIn(section: Section): number;
}

export interface Marks {
  readonly selected: ReadonlySet<number>;
  readonly mine: ReadonlySet<number>;
  readonly dimmed: ReadonlySet<number>;
}

const NO_MARKS: Marks = { selected: new Set(), mine: new Set(), dimmed: new Set() };
/** More pulses at once than this say nothing to the eye. */
const MAX_PULSES = 120;
const GLIDE_MS = 340;

export class MapStage {
  readonly layout: Layout;
  readonly grid: HitGrid;
  camera: Camera = { scale: 1, tx: 0, ty: 0 };
  cursor: number | null = null;
  readonly #base: HTMLCanvasElement;
  readonly #overlay: HTMLCanvasElement;
  readonly #source: MapSource;
  readonly #palette: Palette;
  readonly #onCamera: () => void;
  #marks = NO_MARKS;
  #scene: Scene;
  #dirty: 'nothing' | 'overlay' | 'all' = 'all';
  readonly #changed = new Set<number>();
  #pulses: Pulse[] = [];
  #frame = 0;
  #glide: { from: Camera; to: Camera; startedAt: number } | null = null;
  #width = 0;
  #height = 0;
  #fitted = false;

  constructor(
    base: HTMLCanvasElement,
    overlay: HTMLCanvasElement,
    layout: Layout,
    source: MapSource,
    palette: Palette,
    onCamera: () => void,
  ) {
    this.#base = base;
    this.#overlay = overlay;
    this.layout = layout;
    this.grid = hitGrid(layout);
    this.#source = source;
    this.#palette = palette;
    this.#onCamera = onCamera;
    this.#scene = this.#compose();
  }

  get bounds(): Bounds {
    return boundsOf(this.layout.chart, { width: this.#width, height: this.#height }, this.layout.radius);
  }

  /** Radius of a seat on screen, CSS pixels. */
  get seatRadius(): number {
    return this.layout.radius * this.camera.scale;
  }

  resize(width: number, height: number): void {
    if (width === 0 || height === 0) return;
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    for (const canvas of [this.#base, this.#overlay]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext('2d')!.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    const dx = (width - this.#width) / 2;
    const dy = (height - this.#height) / 2;
    const whole = fit(this.layout.chart, { width: this.#width, height: this.#height });
    const stillWhole = Math.abs(whole.scale - this.camera.scale) < 1e-9;
    this.#width = width;
    this.#height = height;
    this.camera =
      this.#fitted && !stillWhole
        ? clamp({ ...this.camera, tx: this.camera.tx + dx, ty: this.camera.ty + dy }, this.bounds)
        : fit(this.layout.chart, { width, height });
    this.#fitted = true;
    this.#invalidate('all');
    this.#onCamera();
  }

  /** The theme, the palette or the whole map changed. */
  refresh(): void {
    this.#scene = this.#compose();
    this.#invalidate('all');
  }

  setMarks(marks: Marks): void {
    const before = this.#marks;
    this.#marks = marks;
    this.#scene = { ...this.#scene, ...marks };
    if (before.dimmed !== marks.dimmed) {
      this.#invalidate('all');
      return;
    }
    const touched = [...before.selected, ...before.mine, ...marks.selected, ...marks.mine];
    for (const place of touched) this.#changed.add(place);
    this.#invalidate('overlay');
  }

  /** Places whose code changed; those that are not the buyer's own pulse. GA areas redraw all, since they are areas. */
  changed(places: Iterable<number>): void {
    const now = performance.now();
    let whole = false;
    for (const place of places) {
      if (Number.isNaN(this.layout.x[place]!)) {
        whole = true;
        continue;
      }
      this.#changed.add(place);
      if (this.#pulses.length < MAX_PULSES && !this.#marks.mine.has(place)) {
        this.#pulses.push({ place, startedAt: now, color: this.#scene.theme.held });
      }
    }
    this.#invalidate(whole ? 'all' : 'overlay');
  }

  moveTo(camera: Camera): void {
    this.#glide = null;
    this.camera = clamp(camera, this.bounds);
    this.#invalidate('all');
    this.#onCamera();
  }

  glideTo(camera: Camera): void {
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.moveTo(camera);
      return;
    }
    this.#glide = { from: this.camera, to: clamp(camera, this.bounds), startedAt: performance.now() };
    this.#invalidate('all');
  }

  showAll(): void {
    this.glideTo(fit(this.layout.chart, { width: this.#width, height: this.#height }));
  }

  /** Comes closer to a click on seats too small to aim at: to the whole section if its seats are then `radius` px, else to the point. */
  approach(section: Section | undefined, at: { x: number; y: number }, radius: number): void {
    if (section) {
      const xs = section.outline.map((p) => p[0]);
      const ys = section.outline.map((p) => p[1]);
      const camera = frame(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), this.bounds);
      if (this.layout.radius * camera.scale >= radius) {
        this.glideTo(camera);
        return;
      }
    }
    const factor = section ? Math.max(2, (1.2 * radius) / this.seatRadius) : 2;
    this.glideTo(zoomAt(this.camera, factor, at.x, at.y, this.bounds));
  }

  /** Brings these places into view, close enough to see single seats. */
  showPlaces(places: readonly number[]): void {
    const seen = places.filter((place) => !Number.isNaN(this.layout.x[place]!));
    if (seen.length === 0) return;
    // Some room around them, but not so much on a phone that a finger could not hit one.
    const pad = this.layout.radius * Math.min(34, Math.min(this.#width, this.#height) / 20);
    const xs = seen.map((place) => this.layout.x[place]!);
    const ys = seen.map((place) => this.layout.y[place]!);
    const camera = frame(
      Math.min(...xs) - pad,
      Math.min(...ys) - pad,
      Math.max(...xs) + pad,
      Math.max(...ys) + pad,
      this.bounds,
    );
    const whole = fit(this.layout.chart, { width: this.#width, height: this.#height });
    // Places far apart are all in view on the whole map: nothing is gained from further away.
    this.glideTo(camera.scale < whole.scale ? whole : camera);
  }

  /** Brings a place into view, unless it is there. */
  reveal(place: number): void {
    const { x, y } = this.at(place);
    if (x < 0 || y < 0 || x > this.#width || y > this.#height) this.showPlaces([place]);
  }

  zoom(factor: number): void {
    this.glideTo(zoomAt(this.camera, factor, this.#width / 2, this.#height / 2, this.bounds));
  }

  /** Where a place is on screen, CSS pixels from the canvas' corner; for GA the area's label. */
  at(place: number): { x: number; y: number } {
    const section = this.layout.chart.sections[this.layout.sectionOf[place]!]!;
    const ga = Number.isNaN(this.layout.x[place]!);
    const [x, y] = toScreen(
      this.camera,
      ga ? section.label[0] : this.layout.x[place]!,
      ga ? section.label[1] : this.layout.y[place]!,
    );
    return { x, y };
  }

  setCursor(place: number | null): void {
    this.cursor = place;
    if (place !== null) {
      const { x, y } = this.at(place);
      const margin = 48;
      const out = x < margin || y < margin || x > this.#width - margin || y > this.#height - margin;
      if (out || this.seatRadius < 4) this.showPlaces([place]);
    }
    this.#invalidate('overlay');
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #compose(): Scene {
    const theme = readTheme(this.#base);
    return {
      layout: this.layout,
      grid: this.grid,
      theme,
      styles: seatStyles(this.layout.chart, theme, this.#palette),
      codeOf: (place) => this.#source.codeOf(place),
      freeIn: (section) => this.#source.freeIn(section),
      ...this.#marks,
    };
  }

  #invalidate(what: 'overlay' | 'all'): void {
    if (this.#dirty !== 'all') this.#dirty = what;
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#paint(now));
  }

  #paint(now: number): void {
    this.#frame = 0;
    if (this.#width === 0) return;
    if (this.#glide) {
      const t = Math.min(1, (now - this.#glide.startedAt) / GLIDE_MS);
      this.camera = between(this.#glide.from, this.#glide.to, 1 - (1 - t) ** 3);
      this.#dirty = 'all';
      if (t === 1) this.#glide = null;
      this.#onCamera();
    }
    const base = this.#base.getContext('2d', { alpha: false })!;
    if (this.#dirty === 'all') paintBase(base, this.#scene, this.camera, this.#width, this.#height);
    else if (this.#changed.size > 0) repaintSeats(base, this.#scene, this.camera, this.#changed);
    this.#changed.clear();
    this.#dirty = 'nothing';
    this.#pulses = this.#pulses.filter((pulse) => now - pulse.startedAt < PULSE_MS);
    const overlay = this.#overlay.getContext('2d')!;
    paintOverlay(
      overlay,
      this.#scene,
      this.camera,
      this.#width,
      this.#height,
      now,
      this.#pulses,
      this.cursor,
    );
    if (this.#glide || this.#pulses.length > 0) this.#invalidate('overlay');
  }
}
