import * as z from 'zod';
import { define } from '../define.ts';
import { room } from '../room.ts';

export const presence = define({
  type: 'presence',
  code: 17,
  doc: 'How many people look at the event, on all servers.',
  fields: { room, viewers: z.int() },
});
