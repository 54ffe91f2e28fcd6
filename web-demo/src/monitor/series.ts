/** The last few minutes of one number, one sample a second. */
export const SERIES_LENGTH = 180;

export function push(series: readonly number[], value: number): readonly number[] {
  return [...series.slice(-(SERIES_LENGTH - 1)), value];
}

/** The series as an SVG path in a box of width x height, newest at the right edge; "" with fewer than 2 samples. */
export function sparkPath(series: readonly number[], width: number, height: number): string {
  if (series.length < 2) return '';
  const top = Math.max(1, ...series);
  const step = width / (SERIES_LENGTH - 1);
  const start = width - (series.length - 1) * step;
  return series
    .map((value, i) => {
      const x = (start + i * step).toFixed(1);
      const y = (height - 2 - (value / top) * (height - 4)).toFixed(1);
      return `${i === 0 ? 'M' : 'L'}${x} ${y}`;
    })
    .join('');
}
