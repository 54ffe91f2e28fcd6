import * as z from 'zod';
import { define, type Message } from '../define.ts';

export const reconnect = define({
  type: 'reconnect',
  code: 20,
  doc: 'The server drains: reconnect after this many ms (already jittered). A close follows.',
  fields: { afterMs: z.int() },
});
export type Reconnect = Message<typeof reconnect>;
