import * as z from 'zod';
import { define } from '../define.ts';

export const hello = define({
  type: 'hello',
  code: 1,
  doc: 'First message of a session: protocol version, access token (null watches anonymously), client name.',
  fields: {
    protocol: z.int().min(1).max(65_535),
    token: z.string().max(4096).nullable(),
    client: z.string().max(64),
  },
});
