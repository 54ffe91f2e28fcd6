import { useEffect, useState } from 'preact/hooks';
import type { LiveRoom } from '../connection/live.ts';

/** Draws anew when the map has changed, once a frame: what is said of seats is said of the map as it is. */
export function useMap(room: LiveRoom): void {
  const [, draw] = useState(0);
  useEffect(() => {
    let frame = 0;
    const off = room.watch(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        draw((n) => n + 1);
      });
    });
    return () => {
      off();
      cancelAnimationFrame(frame);
    };
  }, [room]);
}
