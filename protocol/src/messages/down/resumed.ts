import * as z from 'zod';
import { epoch, eventId, timeMs, version } from '../../words/ids.ts';
import { bytes, define } from '../define.ts';
import { room } from '../room.ts';

export const resumed = define({
  type: 'resumed',
  code: 4,
  doc: "Answer to `join` when the changes since the client's version are still known.",
  fields: {
    event: eventId,
    room,
    epoch,
    from: version,
    to: version,
    changes: bytes,
    viewers: z.int(),
    serverTime: timeMs,
  },
});
