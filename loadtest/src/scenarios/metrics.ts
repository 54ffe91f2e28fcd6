/** What is measured. Only timed sockets add to trends; every socket counts. */
import { Counter, Trend } from 'k6/metrics';

/** From `join` to the first whole map, sign-in included. */
export const joinMs = new Trend('seatwire_join_ms', true);
/** From `hold` to its answer, granted or refused. */
export const holdMs = new Trend('seatwire_hold_ms', true);
/** From the holder's hearing `held`, which is after the commit by a trip, to a viewer's map showing it; 0 where the viewer was first. */
export const diffAgeMs = new Trend('seatwire_diff_age_ms', true);
/** From sending the hold to the same: the age is between the two. */
export const holdToViewerMs = new Trend('seatwire_hold_to_viewer_ms', true);
/** From `pay` to `confirmed`, the payment provider's answer included. */
export const confirmMs = new Trend('seatwire_confirm_ms', true);
/** From `accepted` to `confirmed`: the worker and Postgres. */
export const confirmedLagMs = new Trend('seatwire_confirmed_lag_ms', true);
/** From a dropped connection to the room's map being live again. */
export const rejoinMs = new Trend('seatwire_rejoin_ms', true);
/** How late 10 ms timers of the timed virtual user are while a change travels: what k6 itself adds to every figure above. */
export const k6LateMs = new Trend('seatwire_k6_late_ms', true);

export const granted = new Counter('seatwire_holds_granted');
export const refused = new Counter('seatwire_holds_refused');
/** Refused because somebody else was first. */
export const conflicts = new Counter('seatwire_conflicts');
export const bought = new Counter('seatwire_places_bought');
/** Maps that had to be made good, other than after a connection we broke. */
export const resyncs = new Counter('seatwire_resyncs');
/** Connections broken on purpose that came back by the missing changes, and by a whole map. */
export const resumed = new Counter('seatwire_resumed');
export const reloaded = new Counter('seatwire_reloaded');
/** Acts left out, because the one before was not over: the rate was not reached. */
export const missed = new Counter('seatwire_acts_missed');
export const trouble = new Counter('seatwire_trouble');
