import { isCurrency, line, minorDigits, optionalLine, paragraphs, timeZoneName } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { PROGRAMME } from './programme.ts';

test.each(PROGRAMME)(
  '[CB19] [CB32] $title can be put on sale: its texts, its zone, its currency',
  (evening) => {
    expect(line(200).parse(evening.title)).toBe(evening.title);
    expect(line(200).parse(evening.venue)).toBe(evening.venue);
    expect(line(200).parse(evening.city)).toBe(evening.city);
    expect(paragraphs(20_000).parse(evening.description)).toBe(evening.description);
    expect(timeZoneName(evening.timeZone)).toBe(evening.timeZone);
    expect(isCurrency(evening.currency)).toBe(true);
    const { name, stage, sections } = evening.chart();
    const labels = [
      name,
      stage.label,
      ...sections.flatMap((s) => [s.name, ...s.runs.map((run) => run.label)]),
    ];
    for (const label of labels) expect(optionalLine(128).parse(label)).toBe(label);
  },
);

test('[CB16] [CB19] the demo has an evening far away, and one in a currency without cents', () => {
  expect(PROGRAMME.some(({ timeZone }) => !timeZone.startsWith('Europe/'))).toBe(true);
  const digits = PROGRAMME.map(({ currency }) => minorDigits(currency));
  expect(new Set(digits)).toEqual(new Set([2, 0]));
});
