/** With `?debug` in the address the page says where its seats are, for those who test it as a person would: by mouse, key and eye. */
import type { MapStage } from './map-stage.ts';

export interface MapDebug {
  /** CSS pixels from the canvas' corner. */
  seatAt(place: number): { x: number; y: number };
  /** Of a seat, CSS pixels. */
  seatRadius(): number;
  /** Brings places into view. */
  show(places: readonly number[]): void;
}

export function exposeMap(stage: MapStage, more: object = {}): void {
  if (!new URLSearchParams(location.search).has('debug')) return;
  const seatwire: MapDebug = {
    seatAt: (place) => stage.at(place),
    seatRadius: () => stage.seatRadius,
    show: (places) => stage.showPlaces(places),
  };
  Object.assign(window, { seatwire: { ...seatwire, ...more } });
}
