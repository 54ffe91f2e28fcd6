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
  /** IANA zone of the venue. */
  readonly timeZone: string;
  readonly chart: () => Chart;
  /** Days from seeding. Doors open at 20:00 on the venue's clock. */
  readonly inDays: number;
  /** Days from seeding; negative: on sale since. */
  readonly saleOpensInDays: number;
  /** ISO 4217. */
  readonly currency: string;
  /** Minor units, by category. */
  readonly prices: Readonly<Record<string, number>>;
  /** Share of the places that were bought before the demo began. */
  readonly alreadySold: number;
  /** Sections the organizer keeps off sale. */
  readonly blockedSections: readonly string[];
  readonly noOrphans: boolean;
}

/** The first one is the demo's main event. */
export const PROGRAMME: readonly Evening[] = [
  {
    title: 'Nordlys: The Midnight Tour',
    description:
      'Two hours of northern electronica under the largest light rig the harbour has seen. Standing in front of the stage, seats everywhere else.',
    venue: 'Harbour Arena',
    city: 'Rotterdam',
    timeZone: 'Europe/Amsterdam',
    chart: demoArena,
    inDays: 40,
    saleOpensInDays: -3,
    currency: 'EUR',
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
    timeZone: 'Europe/Brussels',
    chart: smallTheatre,
    inDays: 18,
    saleOpensInDays: -10,
    currency: 'EUR',
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
    timeZone: 'Europe/Brussels',
    chart: () => largeStadium(50_000),
    inDays: 60,
    saleOpensInDays: -1,
    currency: 'EUR',
    prices: { club: 14_000, lower: 8000, ends: 6000, upper: 4500, terrace: 3500 },
    alreadySold: 0.08,
    blockedSections: [],
    noOrphans: false,
  },
  {
    title: 'An Evening of Small Hours',
    description: 'Jazz far from home, in a room as small as ours. Tickets go on sale soon.',
    venue: 'Little Lantern Theatre',
    city: 'Tokyo',
    timeZone: 'Asia/Tokyo',
    chart: smallTheatre,
    inDays: 75,
    saleOpensInDays: 7,
    currency: 'JPY',
    prices: { table: 14_000, stalls: 8000, box: 11_000, balcony: 5500 },
    alreadySold: 0,
    blockedSections: [],
    noOrphans: true,
  },
];
