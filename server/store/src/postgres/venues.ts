/** Venues, as events name them: one of a name in a city, in one time zone for all its events. */
import { timeZoneName, uuidv7 } from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Database } from './database.ts';

/** The zone of venue `v`. A venue from before zones were kept has none: its times are told in UTC. */
export const venueTimeZone = sql.fragment`coalesce(v.time_zone, 'Etc/UTC') as time_zone`;

/** The venue's id; it is created if there is none. Null: it is known to be in another zone. One without a zone gets this one. */
export async function venueOf(
  tx: Pick<Database, 'one'>,
  { name, city, timeZone }: { readonly name: string; readonly city: string; readonly timeZone: string },
): Promise<string | null> {
  // The update makes the row that was there be returned, and locked.
  const venue = await tx.one(sql.type(z.object({ id: z.string(), time_zone: z.string() }))`
    insert into venues (id, name, city, time_zone)
    values (${uuidv7()}, ${name}, ${city}, ${timeZone})
    on conflict (name, city) do update set time_zone = coalesce(venues.time_zone, excluded.time_zone)
    returning id, time_zone`);
  // Older rows have their zone as it was typed.
  return timeZoneName(venue.time_zone) === timeZone ? venue.id : null;
}
