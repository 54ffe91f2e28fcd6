import * as z from 'zod';
import { opId } from '../../words/ids.ts';
import { defineCommand } from '../define.ts';

export const authenticate = defineCommand({
  type: 'authenticate',
  code: 2,
  doc: "Replaces the session's access token in band; rooms are kept.",
  access: 'public',
  idempotent: 'always',
  refusals: ['bad_token', 'token_expired'],
  fields: { op: opId, token: z.string().max(4096) },
});
