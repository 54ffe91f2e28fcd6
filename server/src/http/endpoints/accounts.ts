/** Registration, sign-in, and the caller's own account. */

import type { SignedIn } from '@seatwire/domain';
import {
  loginRequest,
  type Refusal,
  type Result,
  refreshRequest,
  refused,
  registerRequest,
  type Session,
  session,
  user,
} from '@seatwire/protocol';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { type Endpoint, endpoint, type HttpEnv } from '../endpoint.ts';
import type { ApiParts } from '../parts.ts';

const COOKIE = 'seatwire_refresh';
const COOKIE_PATH = '/api/auth';

export const accountEndpoints: readonly Endpoint[] = [
  endpoint(
    {
      method: 'post',
      path: '/auth/register',
      tag: 'accounts',
      summary: 'Make an account and sign in.',
      access: 'public',
      idempotent: 'no',
      rate: 'request',
      request: { body: registerRequest },
      status: 201,
      answer: session,
      refusals: ['email_taken', 'overloaded'],
    },
    async ({ body, peer, context }, { accounts, refreshCookie }) => {
      const signedIn = await accounts.register(body, peer.address);
      return answer(context, body.refreshTransport, signedIn, refreshCookie);
    },
  ),

  endpoint(
    {
      method: 'post',
      path: '/auth/login',
      tag: 'accounts',
      summary: 'Sign in.',
      access: 'public',
      idempotent: 'no',
      rate: 'request',
      request: { body: loginRequest },
      status: 200,
      answer: session,
      refusals: ['bad_credentials', 'overloaded'],
    },
    async ({ body, peer, context }, { accounts, refreshCookie }) => {
      const signedIn = await accounts.login(body.email, body.password, peer.address);
      return answer(context, body.refreshTransport, signedIn, refreshCookie);
    },
  ),

  endpoint(
    {
      method: 'post',
      path: '/auth/refresh',
      tag: 'accounts',
      summary: 'Trade the refresh token (in the body or the cookie) for the next one and a new access token.',
      access: 'public',
      idempotent: 'no',
      rate: 'request',
      request: { body: refreshRequest },
      status: 200,
      answer: session,
      refusals: ['bad_token', 'refresh_reused'],
    },
    async ({ body, context }, { accounts, refreshCookie }) => {
      const token = body.refreshToken ?? getCookie(context, COOKIE);
      if (token === undefined) return refused('bad_token');
      return answer(context, body.refreshTransport, await accounts.refresh(token), refreshCookie);
    },
  ),

  endpoint(
    {
      method: 'post',
      path: '/auth/logout',
      tag: 'accounts',
      summary: 'End this sign-in everywhere: its refresh tokens, its access tokens, its sockets.',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: { body: refreshRequest },
      status: 204,
      refusals: [],
    },
    async ({ body, context }, { accounts, refreshCookie }) => {
      const token = body.refreshToken ?? getCookie(context, COOKIE);
      if (token !== undefined) await accounts.logout(token);
      deleteCookie(context, COOKIE, { path: COOKIE_PATH, secure: refreshCookie.secure });
      return undefined;
    },
  ),

  endpoint(
    {
      method: 'get',
      path: '/users/me',
      tag: 'accounts',
      summary: "The caller's own account.",
      access: 'account',
      idempotent: 'always',
      rate: 'request',
      request: {},
      status: 200,
      answer: user,
      refusals: [],
    },
    async ({ buyer }, { accounts }) => (await accounts.find(buyer)) ?? refused('bad_token'),
  ),

  endpoint(
    {
      method: 'get',
      path: '/.well-known/jwks.json',
      tag: 'accounts',
      summary: 'The keys that access tokens are checked with (RFC 7517).',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: {},
      status: 200,
      answer: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
      refusals: [],
    },
    async ({ context }, { tokens }) => {
      context.header('cache-control', 'public, max-age=300');
      return { keys: tokens.jwks.keys.map((key) => ({ ...key })) };
    },
  ),
];

/** Signed in, or not. The refresh token goes where the caller wants it. */
function answer(
  context: Context<HttpEnv>,
  transport: 'cookie' | 'body',
  signedIn: Result<SignedIn>,
  cookie: ApiParts['refreshCookie'],
): Session | Refusal {
  if (!signedIn.ok) return signedIn;
  context.header('cache-control', 'no-store');
  const { user, accessToken, accessTokenExpiresAt, refreshToken } = signedIn;
  const body = { user, accessToken, accessTokenExpiresAt: new Date(accessTokenExpiresAt).toISOString() };
  if (transport === 'body') return { ...body, refreshToken };
  setCookie(context, COOKIE, refreshToken, {
    httpOnly: true,
    sameSite: 'Strict',
    secure: cookie.secure,
    path: COOKIE_PATH,
    maxAge: cookie.seconds,
  });
  return body;
}
