import { describe, expect, test } from 'vitest';
import { demoArena } from './arena.ts';
import { earlierSales } from './earlier-sales.ts';
import { PROGRAMME } from './programme.ts';

describe('earlier sales', () => {
  const chart = demoArena();

  test('earlier sales sell about the share asked for, no place twice, and nothing of a blocked section', () => {
    const parties = earlierSales(chart, 0.3, ['101']);
    const places = parties.flatMap((party) => party.places);
    expect(places.length / chart.places).toBeGreaterThan(0.2);
    expect(places.length / chart.places).toBeLessThan(0.4);
    expect(new Set(places).size).toBe(places.length);
    const blocked = chart.sections.find((section) => section.id === '101')!;
    expect(places.some((place) => place >= blocked.first && place < blocked.first + blocked.count)).toBe(
      false,
    );
  });

  test('earlier sales keep each party within one run, side by side', () => {
    const starts = new Set(
      chart.sections.flatMap((s) => (s.runs.length > 0 ? s.runs.map((run) => run.first) : [s.first])),
    );
    for (const { places } of earlierSales(chart, 0.3, [])) {
      places.slice(1).forEach((place, i) => {
        expect(place).toBe(places[i]! + 1);
        expect(starts.has(place)).toBe(false);
      });
    }
  });

  test('earlier sales are the same each time', () => {
    expect(earlierSales(chart, 0.3, [])).toEqual(earlierSales(chart, 0.3, []));
  });
});

test.each(PROGRAMME)(
  '$title has a price for each category of its chart, and blocks sections it has',
  (evening) => {
    const chart = evening.chart();
    expect(Object.keys(evening.prices).sort()).toEqual(chart.categories.map((c) => c.key).sort());
    const sections = chart.sections.map((section) => section.id);
    for (const id of evening.blockedSections) expect(sections).toContain(id);
  },
);
