import * as z from 'zod';
import { ROLES } from '../../words/accounts.ts';
import { opId, timeMs, userId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const authenticated = define({
  type: 'authenticated',
  code: 2,
  doc: 'Answer to `authenticate`.',
  fields: { op: opId, user: userId, role: z.enum(ROLES), expiresAt: timeMs },
});
