/** What is on sale in the demo: four evenings, dated from the day they are seeded. */
import type { Chart } from '@seatwire/protocol';
import { demoArena } from './arena.ts';
import { largeStadium } from './stadium.ts';
import { smallTheatre } from './theatre.ts';

export interface Evening {
  readonly title: string;
  readonly description: string;
  readonly venue: string;
  readonly city: string;
  readonly chart: () => Chart;
  /** Days from seeding. Doors open at 20:00 UTC. */
  readonly inDays: number;
  /** Days from seeding; negative: on sale since. */
  readonly saleOpensInDays: number;
  /** Minor units, by category. */
  readonly prices: Readonly<Record<string, number>>;
  /** Share of the places that were bought before the demo began. */
  readonly alreadySold: number;
  /** Sections the organizer keeps off sale. */
  readonly blockedSections: readonly string[];
  readonly noOrphans: boolean;
}

export const CURRENCY = 'EUR';

/** The first one is the demo's main event. */
export const PROGRAMME: readonly Evening[] = [
  {
    title: 'Nordlys: The Midnight Tour',
    description:
      'Two hours of northern electronica under the largest light rig the harbour has seen. Standing in front of the stage, seats everywhere else.',
    venue: 'Harbour Arena',
    city: 'Rotterdam',
    chart: demoArena,
    inDays: 40,
    saleOpensInDays: -3,
    prices: { pit: 9500, floor: 12_500, 'lower-prime': 11_000, lower: 8500, upper: 5500 },
    alreadySold: 0.28,
    blockedSections: ['101'],
    noOrphans: false,
  },
  {
    title: 'The Lamplighter',
    description:
      'A play for four voices and one piano, in a room small enough to hear both breathe. Supper is served at the tables.',
    venue: 'The Lantern Theatre',
    city: 'Ghent',
    chart: smallTheatre,
    inDays: 18,
    saleOpensInDays: -10,
    prices: { table: 6800, stalls: 4200, box: 5400, balcony: 2600 },
    alreadySold: 0.35,
    blockedSections: ['BOX6'],
    noOrphans: true,
  },
  {
    title: 'Cup Final: Northgate v. Harbour City',
    description: 'Fifty thousand places, one trophy. The terrace stands, everybody else sits down sometimes.',
    venue: 'National Stadium',
    city: 'Brussels',
    chart: () => largeStadium(50_000),
    inDays: 60,
    saleOpensInDays: -1,
    prices: { club: 14_000, lower: 8000, ends: 6000, upper: 4500, terrace: 3500 },
    alreadySold: 0.08,
    blockedSections: [],
    noOrphans: false,
  },
  {
    title: 'An Evening of Small Hours',
    description: 'Jazz for the last night of the year. Tickets go on sale soon.',
    venue: 'The Lantern Theatre',
    city: 'Ghent',
    chart: smallTheatre,
    inDays: 75,
    saleOpensInDays: 7,
    prices: { table: 8200, stalls: 5200, box: 6400, balcony: 3400 },
    alreadySold: 0,
    blockedSections: [],
    noOrphans: true,
  },
];
