import * as z from 'zod';
import { version } from '../../words/ids.ts';
import { define } from '../define.ts';
import { room } from '../room.ts';

export const beacon = define({
  type: 'beacon',
  code: 6,
  doc: "Proof that both sides agree: the room's version and the checksum of its map.",
  fields: { room, version, checksum: z.int() },
});
