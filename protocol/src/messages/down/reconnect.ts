import * as z from 'zod';
import { define } from '../define.ts';

export const reconnect = define({
  type: 'reconnect',
  code: 20,
  doc: 'The server drains: reconnect after this many ms (already jittered). A close follows.',
  fields: { afterMs: z.int() },
});
