/**
 * What a ticket says of its place: "Section A, row 3, seat 14". Labels are computed when an order is read, not stored with
 * the ticket: a chart never changes, so the answer is the same for ever, and the flush need not do it.
 */
import type { Chart, ChartId } from '@seatwire/protocol';
import { findChart } from './charts.ts';
import type { Database } from './database.ts';

export type PlaceLabel = (place: number) => string;

/** In ascending order of `first`. */
interface Span {
  readonly first: number;
  readonly label: PlaceLabel;
}

export function placeLabels(chart: Chart): PlaceLabel {
  const spans = chart.sections
    .flatMap((section): Span[] => {
      if (section.kind === 'ga') {
        return [{ first: section.first, label: () => `${section.name}, general admission` }];
      }
      const kind = section.kind === 'tables' ? 'table' : 'row';
      // A chart may say it itself: its "Table 4" is table 4.
      const named = (label: string) =>
        label.toLowerCase().startsWith(`${kind} `) ? kind + label.slice(kind.length) : `${kind} ${label}`;
      return section.runs.map((run) => ({
        first: run.first,
        label: (place) => `${section.name}, ${named(run.label)}, seat ${run.number + place - run.first}`,
      }));
    })
    .sort((a, b) => a.first - b.first);
  return (place) => {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (spans[middle]!.first <= place) low = middle + 1;
      else high = middle;
    }
    return spans[low - 1]?.label(place) ?? `Place ${place}`;
  };
}

/** Charts whose labels are kept in memory, per database. */
const KEPT = 32;
const kept = new WeakMap<Database, Map<ChartId, Promise<PlaceLabel>>>();

/** Labels by chart, read once. */
export async function labelsOf(db: Database, chart: ChartId): Promise<PlaceLabel> {
  const cache = kept.get(db) ?? new Map<ChartId, Promise<PlaceLabel>>();
  kept.set(db, cache);
  const known = cache.get(chart);
  if (known) {
    // To the end of the line: the first is the one used longest ago.
    cache.delete(chart);
    cache.set(chart, known);
    return known;
  }
  const labels = findChart(db, chart).then((found) =>
    found ? placeLabels(found) : (place: number) => `Place ${place}`,
  );
  cache.set(chart, labels);
  labels.catch(() => cache.delete(chart));
  if (cache.size > KEPT) cache.delete(cache.keys().next().value!);
  return labels;
}
