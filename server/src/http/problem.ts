/** A refusal as REST sends it: the code's HTTP status, and a problem document (RFC 9457) for every error. */
import { type ProblemBody, REJECTIONS, type RejectCode } from '@seatwire/protocol';
import { Unavailable } from '@seatwire/store';

/** Below /api. */
export const PROBLEMS_PATH = '/problems';

/** What is the same for every refusal with this code. The title is the first sentence of what the code says. */
export function problemOf(code: RejectCode) {
  const { status, message, retryable } = REJECTIONS[code];
  const [title] = message.split(/(?<=\.) /);
  return { type: `/api${PROBLEMS_PATH}/${code}`, title: title!, status, detail: message, code, retryable };
}

export function problem(
  code: RejectCode,
  more: {
    readonly places?: readonly number[] | undefined;
    readonly issues?: ProblemBody['issues'];
    readonly retryAfterMs?: number | undefined;
  } = {},
): Response {
  const { places, issues } = more;
  const { status, ...said } = problemOf(code);
  // Rounded up: a moment too early would be refused again.
  const retryAfterMs = more.retryAfterMs && Math.ceil(more.retryAfterMs);
  const body = { ...said, status, places, issues, retryAfterMs };
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  };
  if (status === 429 || status === 503)
    headers['retry-after'] = String(Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1000)));
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return Response.json(body, { status, headers });
}

/** What the caller hears of something thrown: a lost dependency may be tried again, the rest is a defect of ours. */
export function codeOfThrown(error: unknown): 'unavailable' | 'internal' {
  return error instanceof Unavailable ? 'unavailable' : 'internal';
}
