/** What repeated measurements say together. */

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which the share lies (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** From the least to the greatest, as a share of the median: 0.1 is 10%. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}
