/** A refusal as REST sends it: the code's HTTP status, and a body of one form for every error. */
import { type ErrorBody, REJECTIONS, type RejectCode } from '@seatwire/protocol';
import { Unavailable } from '@seatwire/store';

type Issues = NonNullable<ErrorBody['error']['issues']>;

export function refusal(
  code: RejectCode,
  more: {
    readonly places?: readonly number[] | undefined;
    readonly issues?: Issues | undefined;
    readonly retryAfterMs?: number | undefined;
  } = {},
): Response {
  const { status, message, retryable } = REJECTIONS[code];
  const body: ErrorBody = {
    error: {
      code,
      message,
      retryable,
      ...(more.places === undefined ? {} : { places: [...more.places] }),
      ...(more.issues === undefined ? {} : { issues: more.issues }),
    },
  };
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (status === 429 || status === 503) {
    headers['retry-after'] = String(Math.max(1, Math.ceil((more.retryAfterMs ?? 0) / 1000)));
  }
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return Response.json(body, { status, headers });
}

/** What the caller hears of something thrown: a lost dependency may be tried again, the rest is a defect of ours. */
export function codeOfThrown(error: unknown): 'unavailable' | 'internal' {
  return error instanceof Unavailable ? 'unavailable' : 'internal';
}
