import * as z from 'zod';
import { ROLES } from '../../words/accounts.ts';
import { timeMs, userId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const welcome = define({
  type: 'welcome',
  code: 1,
  doc: 'Answer to `hello`: the session is open.',
  fields: {
    protocol: z.int(),
    session: z.string(),
    serverTime: timeMs,
    /** The server pings this often, in ms; a client that hears nothing for twice as long should reconnect. */
    heartbeatMs: z.int(),
    /** null: anonymous. */
    user: userId.nullable(),
    role: z.enum(ROLES),
    /** null for anonymous; otherwise when the token ends. */
    expiresAt: timeMs.nullable(),
  },
});
