/** Registration, sign-in, and the caller's own account. */
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
import type { Accounts, SignedIn } from '../../accounts/accounts.ts';
import { type Api, endpoint, type HttpEnv } from '../endpoint.ts';

const COOKIE = 'seatwire_refresh';
const COOKIE_PATH = '/api/auth';

export interface AccountRoutes {
  readonly accounts: Accounts;
  readonly jwks: { readonly keys: readonly object[] };
  readonly refreshTokenSeconds: number;
  /** Whether browsers may send the cookie over TLS only. */
  readonly secureCookies: boolean;
}

export function accountRoutes(api: Api, o: AccountRoutes): void {
  const tag = 'accounts';

  const answer = (
    context: Context<HttpEnv>,
    transport: 'cookie' | 'body',
    signedIn: Result<SignedIn>,
  ): Session | Refusal => {
    if (!signedIn.ok) return signedIn;
    context.header('cache-control', 'no-store');
    const { user, accessToken, accessTokenExpiresAt, refreshToken } = signedIn;
    const body = { user, accessToken, accessTokenExpiresAt: new Date(accessTokenExpiresAt).toISOString() };
    if (transport === 'body') return { ...body, refreshToken };
    setCookie(context, COOKIE, refreshToken, {
      httpOnly: true,
      sameSite: 'Strict',
      secure: o.secureCookies,
      path: COOKIE_PATH,
      maxAge: o.refreshTokenSeconds,
    });
    return body;
  };

  endpoint(
    api,
    {
      method: 'post',
      path: '/auth/register',
      tag,
      summary: 'Make an account and sign in.',
      access: 'public',
      request: { body: registerRequest },
      status: 201,
      answer: session,
      refusals: ['email_taken', 'overloaded'],
    },
    async ({ body, peer, context }) => {
      return answer(context, body.refreshTransport, await o.accounts.register(body, peer.address));
    },
  );

  endpoint(
    api,
    {
      method: 'post',
      path: '/auth/login',
      tag,
      summary: 'Sign in.',
      access: 'public',
      request: { body: loginRequest },
      status: 200,
      answer: session,
      refusals: ['bad_credentials', 'overloaded'],
    },
    async ({ body, peer, context }) => {
      const signedIn = await o.accounts.login(body.email, body.password, peer.address);
      return answer(context, body.refreshTransport, signedIn);
    },
  );

  endpoint(
    api,
    {
      method: 'post',
      path: '/auth/refresh',
      tag,
      summary: 'Trade the refresh token (in the body or the cookie) for the next one and a new access token.',
      access: 'public',
      request: { body: refreshRequest },
      status: 200,
      answer: session,
      refusals: ['bad_token', 'refresh_reused'],
    },
    async ({ body, context }) => {
      const token = body.refreshToken ?? getCookie(context, COOKIE);
      if (token === undefined) return refused('bad_token');
      return answer(context, body.refreshTransport, await o.accounts.refresh(token));
    },
  );

  endpoint(
    api,
    {
      method: 'post',
      path: '/auth/logout',
      tag,
      summary: 'End this sign-in everywhere: its refresh tokens, its access tokens, its sockets.',
      access: 'public',
      request: { body: refreshRequest },
      status: 204,
      refusals: [],
    },
    async ({ body, context }) => {
      const token = body.refreshToken ?? getCookie(context, COOKIE);
      if (token !== undefined) await o.accounts.logout(token);
      deleteCookie(context, COOKIE, { path: COOKIE_PATH, secure: o.secureCookies });
      return undefined;
    },
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/users/me',
      tag,
      summary: "The caller's own account.",
      access: 'account',
      request: {},
      status: 200,
      answer: user,
      refusals: [],
    },
    async ({ principal }) => (await o.accounts.find(principal.user!)) ?? refused('bad_token'),
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/.well-known/jwks.json',
      tag,
      summary: 'The keys that access tokens are checked with (RFC 7517).',
      access: 'public',
      request: {},
      status: 200,
      answer: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
      refusals: [],
    },
    async ({ context }) => {
      context.header('cache-control', 'public, max-age=300');
      return { keys: o.jwks.keys.map((key) => ({ ...key })) };
    },
  );
}
