import * as z from 'zod';
import { REJECT_CODES } from '../../reject/index.ts';
import { opId, place } from '../../words/ids.ts';
import { define } from '../define.ts';

export const rejected = define({
  type: 'rejected',
  code: 12,
  doc: 'A command failed. `op` is that of the command. `places` names those that were in the way.',
  fields: { op: opId, code: z.enum(REJECT_CODES), places: z.array(place).nullable(), message: z.string() },
});
