/** The demo's accounts, so that its page can offer them. None but in demo mode: the page asks everywhere, and an empty list is no error. */
import { ROLES } from '@seatwire/protocol';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../endpoint.ts';

const demoAccount = z.object({
  email: z.string(),
  password: z.string(),
  role: z.enum(ROLES),
  name: z.string().optional(),
});

export const demoEndpoints: readonly Endpoint[] = [
  endpoint(
    {
      method: 'get',
      path: '/demo',
      tag: 'demo',
      summary: 'Accounts anybody may sign in with here.',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: {},
      status: 200,
      answer: z.object({ accounts: z.array(demoAccount) }),
      refusals: [],
    },
    async (_, { demoAccounts }) => ({ accounts: [...demoAccounts] }),
  ),
];
