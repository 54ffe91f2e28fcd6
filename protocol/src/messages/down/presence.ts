import * as z from 'zod';
import { define, type Message } from '../define.ts';
import { room } from '../room.ts';

export const presence = define({
  type: 'presence',
  code: 17,
  doc: 'How many sockets watch the event, on all servers.',
  fields: { room, viewers: z.int() },
});
export type Presence = Message<typeof presence>;
