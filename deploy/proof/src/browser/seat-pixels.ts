/** What a person sees: the colour of a seat on the canvas. Runs in the page, and is text because this package is compiled without the browser's types. */

export type Sight = 'free' | 'held' | 'sold' | 'selected' | 'yours' | 'unclear';

/** Defines `window.seatPixels`. Works on a page opened with `?debug`, once the seat is drawn large enough to have a colour of its own. */
export const SEAT_PIXELS = `
window.seatPixels = (() => {
  const canvas = () => document.querySelector('canvas.map-layer');
  const colors = new Map();
  const rgb = (color) => {
    if (!colors.has(color)) {
      const ink = new OffscreenCanvas(1, 1).getContext('2d');
      ink.fillStyle = color;
      ink.fillRect(0, 0, 1, 1);
      colors.set(color, ink.getImageData(0, 0, 1, 1).data);
    }
    return colors.get(color);
  };
  const near = (pixel, color) => {
    const wanted = rgb(color);
    return [0, 1, 2].every((i) => Math.abs(pixel[i] - wanted[i]) < 20);
  };
  const look = (place, free) => {
    const base = canvas();
    const style = getComputedStyle(base);
    const theme = (name) => style.getPropertyValue(name).trim();
    const ink = base.getContext('2d');
    const ratio = base.width / base.clientWidth;
    const at = seatwire.seatAt(place);
    const radius = seatwire.seatRadius();
    if (radius < 4) return 'unclear';
    const pixel = (dx, dy) => ink.getImageData(Math.round((at.x + dx * radius) * ratio), Math.round((at.y + dy * radius) * ratio), 1, 1).data;
    const centre = pixel(0, 0);
    if (document.querySelector('main.monitor')) {
      for (const name of ['free', 'held', 'sold']) if (near(centre, theme('--monitor-' + name))) return name;
      return 'unclear';
    }
    // Beside the check mark.
    const body = pixel(0, -0.5);
    if (near(body, theme('--seat-mine'))) return 'yours';
    if (near(body, theme('--seat-selected'))) return 'selected';
    if (near(body, free)) return 'free';
    // Held is a ring around nothing; its line runs at 0.86 of the radius.
    const rim = Array.from({ length: 9 }, (_, i) => pixel(0, -0.72 - 0.035 * i));
    if (near(centre, theme('--map-section')) && rim.some((one) => near(one, theme('--seat-held')))) return 'held';
    if (near(centre, theme('--seat-taken')) && near(pixel(0, 0.4), theme('--seat-taken'))) return 'sold';
    return 'unclear';
  };
  const now = () => performance.timeOrigin + performance.now();
  /** Settles with the time (epoch ms) of the first frame in which the seat looks so. */
  const sees = (place, free, wanted) =>
    new Promise((resolve) => {
      const each = () => (look(place, free) === wanted ? resolve(now()) : requestAnimationFrame(each));
      each();
    });
  /** Settles with the time at which this page's sale came to this phase. */
  const reaches = (phase) =>
    new Promise((resolve) => {
      const off = seatwire.sale.state.watch(() => {
        if (seatwire.phase() !== phase) return;
        off();
        resolve(now());
      });
    });
  return { look, sees, reaches };
})();`;
