/** Signing up, in and on. */
import * as z from 'zod';
import { ROLES } from '../words/accounts.ts';
import { userId } from '../words/ids.ts';
import { line, normalText } from '../words/text.ts';
import { isoTime } from './fields.ts';

export const user = z.object({ id: userId, email: z.email(), name: z.string(), role: z.enum(ROLES) });
export type User = z.output<typeof user>;

/** Where the refresh token travels: an HttpOnly cookie (browsers) or the body (everybody else). */
const refreshTransport = z.enum(['cookie', 'body']).default('body');

/** Trimmed, in one form; compared without regard to case. */
const emailAddress = z
  .string()
  .max(4 * 254)
  .transform((typed) => normalText(typed).trim())
  .pipe(z.email().max(254));
/** In one form, however a keyboard made it. Blanks count, at its ends too. */
const newPassword = z
  .string()
  .min(10)
  .max(4 * 200)
  .transform(normalText)
  .pipe(
    z
      .string()
      .min(10)
      .max(200)
      .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must hold no control characters'),
  );

export const registerRequest = z.object({
  email: emailAddress,
  password: newPassword,
  name: line(100),
  role: z.enum(['customer', 'organizer']).default('customer'),
  refreshTransport,
});
export const loginRequest = z.object({
  email: emailAddress,
  /** As typed: accounts older than the one form are known by that. */
  password: z
    .string()
    .min(1)
    .max(4 * 200),
  refreshTransport,
});
export const refreshRequest = z.object({ refreshToken: z.string().max(512).optional(), refreshTransport });
export const session = z.object({
  user,
  accessToken: z.string(),
  accessTokenExpiresAt: isoTime,
  /** Absent when it went into the cookie. */
  refreshToken: z.string().optional(),
});
export type Session = z.output<typeof session>;
