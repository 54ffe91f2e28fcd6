/** A chart for tests: row A of 10 dear seats, row B of 10 cheap ones, and 20 standing places. */
import { type Chart, chart, uuidv7 } from '@seatwire/protocol';

export const SMALL_THEATRE_PLACES = 40;

export function smallTheatre(): Chart {
  const box = [
    [0, 0],
    [100, 0],
    [100, 10],
  ];
  const seats = (id: string, category: string, first: number) => ({
    id,
    name: `Row ${id}`,
    kind: 'seats',
    category,
    floor: 0,
    outline: box,
    label: [0, 0],
    first,
    count: 10,
    runs: [
      {
        label: id,
        first,
        count: 10,
        number: 1,
        shape: { kind: 'line', from: [0, first], to: [90, first], bend: 0 },
      },
    ],
  });
  return chart.parse({
    id: uuidv7(),
    name: 'Small theatre',
    width: 100,
    height: 100,
    places: SMALL_THEATRE_PLACES,
    categories: [
      { key: 'dear', name: 'Dear', color: '#aa0000' },
      { key: 'cheap', name: 'Cheap', color: '#00aa00' },
      { key: 'standing', name: 'Standing', color: '#0000aa' },
    ],
    sections: [
      seats('A', 'dear', 0),
      seats('B', 'cheap', 10),
      {
        id: 'floor',
        name: 'Floor',
        kind: 'ga',
        category: 'standing',
        floor: 0,
        outline: box,
        label: [0, 0],
        first: 20,
        count: 20,
        runs: [],
      },
    ],
    stage: { outline: box, label: 'Stage' },
  });
}
