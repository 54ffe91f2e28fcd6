/** What the types of problem documents lead to. */
import { problemBody, REJECT_CODES } from '@seatwire/protocol';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../endpoint.ts';
import { PROBLEMS_PATH, problemOf } from '../problem.ts';

export const problemEndpoints: readonly Endpoint[] = [
  endpoint(
    {
      method: 'get',
      path: `${PROBLEMS_PATH}/{code}`,
      tag: 'problems',
      summary: 'What a code of a refusal means, and what to do about it.',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: { params: z.object({ code: z.enum(REJECT_CODES) }) },
      status: 200,
      answer: problemBody,
      refusals: [],
    },
    async ({ params }) => problemOf(params.code),
  ),
];
