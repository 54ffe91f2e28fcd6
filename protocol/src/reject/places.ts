/** The places asked for. */
import { no, type Rejection } from './rejection.ts';

export const PLACE_REJECTIONS = {
  place_taken: no(409, 'This place is held or sold. Pick another, or try best available.'),
  place_blocked: no(409, 'This place is not on sale. Pick another.'),
  unknown_place: no(404, 'The chart has no such place.'),
  duplicate_place: no(400, 'A place is named twice. Name each once.'),
  too_many_places: no(400, 'More places than one hold may have. Ask for fewer.'),
  buyer_limit: no(
    409,
    'This would exceed the places one buyer may have, held and bought together. Ask for fewer.',
  ),
  not_enough_places: no(409, 'Not enough free places match. Ask for fewer, or widen the choice.'),
  not_together: no(409, 'No such block of places side by side is free. Ask for fewer, or allow them apart.'),
  unknown_area: no(404, 'No section or category matches. Check its name.'),
  orphan_seat: no(409, 'This would leave a single seat alone. Shift by one, or take it too.'),
} as const satisfies Record<string, Rejection>;
