import { expect, test } from 'vitest';
import { sampleChart } from '../testing/sample-sale.ts';
import { placeLabels } from './place-labels.ts';

test('a seat is named by section, row and number; a table seat by its table; general admission by its area', () => {
  const chart = sampleChart(60);
  const [seats, floor] = chart.sections as [(typeof chart.sections)[0], (typeof chart.sections)[0]];
  const tables = { ...seats, kind: 'tables' as const };
  const label = placeLabels(chart);
  expect(label(0)).toBe('Section A, row 1, seat 1');
  expect(label(19)).toBe('Section A, row 1, seat 20');
  expect(label(20)).toBe('Section A, row 2, seat 1');
  expect(label(59)).toBe('Floor, general admission');
  expect(placeLabels({ ...chart, sections: [floor, tables] })(39)).toBe('Section A, table 2, seat 20');
});

test('[CD18] a table whose chart calls it "Table 2" is called so once', () => {
  const chart = structuredClone(sampleChart(60)) as {
    sections: { kind: string; runs: { label: string }[] }[];
  } & ReturnType<typeof sampleChart>;
  chart.sections[0]!.kind = 'tables';
  chart.sections[0]!.runs[1]!.label = 'Table 2';
  expect(placeLabels(chart)(20)).toBe('Section A, table 2, seat 1');
});

test('a place before the first section still has a name', () => {
  const chart = sampleChart(60);
  expect(placeLabels({ ...chart, sections: chart.sections.slice(1) })(3)).toBe('Place 3');
});
