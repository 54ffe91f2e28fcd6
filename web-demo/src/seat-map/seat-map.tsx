/** The map as a component: canvases that fill their parent, zoom buttons, a callout that stays at its seat. */
import type { Section } from '@seatwire/protocol';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { listen } from './gestures.ts';
import type { Layout } from './layout.ts';
import { type MapSource, MapStage, type Marks } from './map-stage.ts';
import type { Palette } from './seat-style.ts';

export interface LiveMap extends MapSource {
  /** Calls back with changed places; `whole` when everything may have changed. Returns how to stop. */
  watch(listener: (change: { places: readonly number[]; whole: boolean }) => void): () => void;
}

export interface SeatMapProps {
  readonly layout: Layout;
  readonly live: LiveMap;
  readonly marks: Marks;
  readonly palette: Palette;
  readonly label: string;
  /** Shown at the seat, following it as the map moves. */
  readonly callout?: { readonly place: number; readonly content: ComponentChildren } | null;
  readonly onPlace?: (place: number) => void;
  readonly onArea?: (section: Section) => void;
  readonly onHover?: (place: number | null, by: 'pointer' | 'keyboard') => void;
  readonly onNothing?: () => void;
  /** Hears the stage once it stands, for "show these seats". */
  readonly onStage?: (stage: MapStage) => void;
}

export function SeatMap(props: SeatMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const callout = useRef<HTMLDivElement>(null);
  const stage = useRef<MapStage | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { layout, live, palette, marks } = props;

  const follow = useMemo(
    () => () => {
      const shown = latest.current.callout;
      if (!shown || !callout.current || !stage.current || !frame.current) return;
      const { x, y } = stage.current.at(shown.place);
      const half = Math.min(150, frame.current.clientWidth / 2 - 8);
      const left = Math.max(half + 8, Math.min(frame.current.clientWidth - half - 8, x));
      const below = y < 150;
      callout.current.dataset.side = below ? 'below' : 'above';
      callout.current.style.setProperty('--tip', `${x - left}px`);
      callout.current.style.transform = `translate(${left}px, ${y}px)`;
    },
    [],
  );

  useLayoutEffect(() => {
    const made = new MapStage(base.current!, overlay.current!, layout, live, palette, follow);
    stage.current = made;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) made.resize(entry.contentRect.width, entry.contentRect.height);
    });
    observer.observe(frame.current!);
    const unwatch = live.watch(({ places, whole }) => {
      if (whole) made.refresh();
      else made.changed(places);
    });
    const unlisten = listen(overlay.current!, made, {
      place: (place) => latest.current.onPlace?.(place),
      area: (section) => latest.current.onArea?.(section),
      hover: (place, by) => latest.current.onHover?.(place, by),
      nothing: () => latest.current.onNothing?.(),
    });
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const refresh = () => made.refresh();
    dark.addEventListener('change', refresh);
    document.addEventListener('seatwire:theme', refresh);
    // The bundled font arrives after the first paint.
    document.fonts?.ready.then(refresh);
    latest.current.onStage?.(made);
    return () => {
      observer.disconnect();
      unwatch();
      unlisten();
      dark.removeEventListener('change', refresh);
      document.removeEventListener('seatwire:theme', refresh);
      made.stop();
    };
  }, [layout, live, palette, follow]);

  useEffect(() => stage.current?.setMarks(marks), [marks]);
  useLayoutEffect(follow);
  // The callout's buttons go with it: whoever pressed one by keyboard is back on the map.
  const within = callout.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (within && document.activeElement === document.body) overlay.current?.focus({ preventScroll: true });
  });

  return (
    <div class="map" ref={frame}>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without a tabIndex takes no focus; the one above it speaks for both */}
      <canvas ref={base} class="map-layer" aria-hidden="true" />
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: arrows move a seat cursor in it and Enter picks, so it is an application */}
      <canvas
        ref={overlay}
        class="map-layer map-top"
        data-testid="seat-map"
        tabIndex={0}
        role="application"
        aria-label={props.label}
      />
      {/* Right after the map, so that its buttons are one step away from it. */}
      {props.callout && (
        <div class="callout" ref={callout} role="status">
          {props.callout.content}
        </div>
      )}
      <fieldset class="map-zoom" aria-label="Zoom">
        <button type="button" onClick={() => stage.current?.zoom(1.7)} aria-label="Zoom in">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M10 4v12M4 10h12" />
          </svg>
        </button>
        <button type="button" onClick={() => stage.current?.zoom(1 / 1.7)} aria-label="Zoom out">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M4 10h12" />
          </svg>
        </button>
        <button type="button" onClick={() => stage.current?.showAll()} aria-label="Show the whole map">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4" />
          </svg>
        </button>
      </fieldset>
    </div>
  );
}
