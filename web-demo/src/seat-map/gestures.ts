/** Pointer, wheel and keyboard on the map. Returns a function that takes the listeners off again. */
import type { Section } from '@seatwire/protocol';
import { pan, toWorld, zoomAt } from './camera.ts';
import { inside } from './hit-grid.ts';
import type { MapStage } from './map-stage.ts';

export interface MapIntents {
  /** A seat was clicked, tapped, or chosen by key. */
  place(place: number): void;
  /** An area without seats of its own (general admission) was chosen. */
  area(section: Section): void;
  /** The pointer or the keyboard's cursor rests on this place (null: on none). */
  hover(place: number | null, by: 'pointer' | 'keyboard'): void;
  /** Something else was clicked. */
  nothing(): void;
}

/** A finger is not a needle: how far off a seat's centre a tap still counts, CSS pixels. */
const TOUCH_REACH_PX = 18;
const POINTER_REACH_PX = 9;
/** Seats drawn smaller than this cannot be aimed at: a click zooms in first. */
const AIM_RADIUS_PX = 2.6;
const TOUCH_AIM_RADIUS_PX = 5;
const DRAG_FROM_PX = 6;

export function listen(element: HTMLElement, stage: MapStage, intents: MapIntents): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  let pinch = 0;
  /** Where the cursor was when it was put away: it comes back there. */
  let left: number | null = null;
  const off: (() => void)[] = [];
  const on = <K extends keyof HTMLElementEventMap>(type: K, fn: (event: HTMLElementEventMap[K]) => void) => {
    element.addEventListener(type, fn, { passive: false });
    off.push(() => element.removeEventListener(type, fn));
  };
  const local = (event: PointerEvent | WheelEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const seatAt = (at: { x: number; y: number }, reachPx: number) => {
    const [x, y] = toWorld(stage.camera, at.x, at.y);
    return stage.grid.at(
      x,
      y,
      Math.max(stage.layout.radius * 1.15, Math.min(reachPx, 12) / stage.camera.scale),
    );
  };

  on('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (!pointers.size) moved = 0;
    pointers.set(event.pointerId, local(event));
    element.setPointerCapture(event.pointerId);
    pinch = spread();
  });
  on('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    const at = local(event);
    if (!before) {
      if (event.pointerType === 'mouse')
        intents.hover(stage.seatRadius < AIM_RADIUS_PX ? null : seatAt(at, 4), 'pointer');
      return;
    }
    pointers.set(event.pointerId, at);
    moved += Math.hypot(at.x - before.x, at.y - before.y);
    if (moved < DRAG_FROM_PX) return;
    let camera = pan(stage.camera, (at.x - before.x) / pointers.size, (at.y - before.y) / pointers.size);
    if (pointers.size === 2) {
      const now = spread();
      const [a, b] = [...pointers.values()] as [{ x: number; y: number }, { x: number; y: number }];
      if (pinch > 0) camera = zoomAt(camera, now / pinch, (a.x + b.x) / 2, (a.y + b.y) / 2, stage.bounds);
      pinch = now;
    }
    stage.moveTo(camera);
  });
  on('pointerup', (event) => {
    const tap = pointers.size === 1 && moved < DRAG_FROM_PX && pointers.has(event.pointerId);
    pointers.delete(event.pointerId);
    pinch = spread();
    if (tap) click(local(event), event.pointerType !== 'mouse');
  });
  on('pointercancel', (event) => {
    pointers.delete(event.pointerId);
  });
  on('pointerleave', () => intents.hover(null, 'pointer'));
  on('wheel', (event) => {
    event.preventDefault();
    const at = local(event);
    const step = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    stage.moveTo(
      zoomAt(stage.camera, Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0022)), at.x, at.y, stage.bounds),
    );
  });

  const spread = () => {
    const [a, b] = [...pointers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };

  const click = (at: { x: number; y: number }, touch: boolean) => {
    const [x, y] = toWorld(stage.camera, at.x, at.y);
    const section = stage.layout.chart.sections.find((s) => inside(s.outline, x, y));
    if (section?.kind === 'ga') return intents.area(section);
    const aim = touch ? TOUCH_AIM_RADIUS_PX : AIM_RADIUS_PX;
    if (stage.seatRadius < aim) return stage.approach(section, at, aim);
    const place = seatAt(at, touch ? TOUCH_REACH_PX : POINTER_REACH_PX);
    if (place !== null) intents.place(place);
    else intents.nothing();
  };

  const ARROWS: Record<string, readonly [-1 | 0 | 1, -1 | 0 | 1]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  on('keydown', (event) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const from = stage.cursor;
      const to = from === null ? (left ?? firstSeat()) : stage.grid.towards(from, arrow[0], arrow[1]);
      if (to !== null) {
        stage.setCursor(to);
        intents.hover(to, 'keyboard');
      }
    } else if (event.key === '+' || event.key === '=') stage.zoom(1.6);
    else if (event.key === '-') stage.zoom(1 / 1.6);
    else if (event.key === '0') stage.showAll();
    else if (event.key === 'Escape') {
      left = stage.cursor ?? left;
      stage.setCursor(null);
      intents.nothing();
    } else if ((event.key === 'Enter' || event.key === ' ') && stage.cursor !== null)
      intents.place(stage.cursor);
    else return;
    event.preventDefault();
  });
  const firstSeat = () => {
    const index = stage.layout.x.findIndex((x) => !Number.isNaN(x));
    return index < 0 ? null : index;
  };

  return () => {
    for (const remove of off) remove();
  };
}
