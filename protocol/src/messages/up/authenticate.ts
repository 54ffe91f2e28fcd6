import * as z from 'zod';
import { opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const authenticate = define({
  type: 'authenticate',
  code: 2,
  doc: "Replaces the session's access token in band; rooms are kept.",
  fields: { op: opId, token: z.string().max(4096) },
});
