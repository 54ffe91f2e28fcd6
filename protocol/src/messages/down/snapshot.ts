import * as z from 'zod';
import { epoch, eventId, timeMs, version } from '../../words/ids.ts';
import { bytes, define } from '../define.ts';
import { room } from '../room.ts';

export const snapshot = define({
  type: 'snapshot',
  code: 3,
  doc: 'The whole map of an event: 2 bits a place, least significant first. Answer to `join`, and pushed when a session must resync.',
  fields: {
    event: eventId,
    room,
    epoch,
    version,
    places: z.int(),
    map: bytes,
    viewers: z.int(),
    serverTime: timeMs,
  },
});
