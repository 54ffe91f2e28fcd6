import { type User, userId, uuidv7 } from '@seatwire/protocol';
import { base64url, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { Revocations } from './revocations.ts';
import { importSigningKey, type SigningKey } from './signing-key.ts';
import { JoseTokens } from './tokens.jose.ts';

const SECONDS = 600;
let key: SigningKey;
let revocations: Revocations;
let tokens: JoseTokens;
const user: User = { id: userId.parse(uuidv7()), email: 'a@b.example', name: 'A', role: 'customer' };
const session = uuidv7();

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  key = await importSigningKey(await exportJWK(privateKey));
  revocations = new Revocations(SECONDS * 1000);
  tokens = new JoseTokens(key, { issuer: 'seatwire', seconds: SECONDS, revocations });
});

/** A sound token but for what `change` does. */
function forged(
  change: (jwt: SignJWT) => SignJWT,
  claims: object = {},
  header: object = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const sound = new SignJWT({ role: 'customer', sid: session, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.id, ...header })
    .setSubject(user.id)
    .setIssuer('seatwire')
    .setAudience('seatwire')
    .setIssuedAt(now)
    .setExpirationTime(now + SECONDS);
  return change(sound).sign(key.sign);
}
const same = (jwt: SignJWT) => jwt;

describe('access tokens', () => {
  test('[SE8] one of our own names its user, role, session and end', async () => {
    const { token, expiresAt } = await tokens.issue(user, session);
    expect(await tokens.verify(token)).toEqual({ user: user.id, role: 'customer', expiresAt, session });
    expect(expiresAt - Date.now()).toBeGreaterThan((SECONDS - 2) * 1000);
  });

  test('[SE8] the forger of these tests makes sound tokens when nothing is changed', async () => {
    expect(await tokens.verify(await forged(same))).toMatchObject({ user: user.id });
  });

  test('[SE8] an unsigned token is refused', async () => {
    const now = Math.floor(Date.now() / 1000);
    const unsigned = new UnsecuredJWT({ role: 'admin', sid: session })
      .setSubject(user.id)
      .setIssuer('seatwire')
      .setAudience('seatwire')
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .encode();
    expect(await tokens.verify(unsigned)).toBe('bad_token');
  });

  test('[SE8] an HMAC keyed with the public key is refused', async () => {
    const now = Math.floor(Date.now() / 1000);
    const swapped = await new SignJWT({ role: 'admin', sid: session })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key.id })
      .setSubject(user.id)
      .setIssuer('seatwire')
      .setAudience('seatwire')
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .sign(base64url.decode(key.published.x!));
    expect(await tokens.verify(swapped)).toBe('bad_token');
  });

  test('[SE8] another key, or a changed claim, is refused', async () => {
    const other = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const { token } = await tokens.issue(user, session);
    const [header, claims, signature] = token.split('.');
    const admin = JSON.parse(Buffer.from(claims!, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...admin, role: 'admin' })).toString('base64url');
    expect(await tokens.verify(`${header}.${changed}.${signature}`)).toBe('bad_token');
    const foreign = await new SignJWT({ ...admin })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.id })
      .sign(other.privateKey);
    expect(await tokens.verify(foreign)).toBe('bad_token');
  });

  test.each([
    ['another audience', (jwt: SignJWT) => jwt.setAudience('elsewhere'), {}, {}],
    ['another issuer', (jwt: SignJWT) => jwt.setIssuer('elsewhere'), {}, {}],
    ['another type', same, {}, { typ: 'JWT' }],
    ['no session', same, { sid: undefined }, {}],
    ['an unknown role', same, { role: 'root' }, {}],
    ['the role anonymous', same, { role: 'anonymous' }, {}],
    ['a subject that is no user id', (jwt: SignJWT) => jwt.setSubject("' or 1=1"), {}, {}],
    ['a start in the future', (jwt: SignJWT) => jwt.setNotBefore('1h'), {}, {}],
  ])('[SE8] a token with %s is refused', async (_, change, claims, header) => {
    expect(await tokens.verify(await forged(change, claims, header))).toBe('bad_token');
  });

  test('[SE8] a token that never ends is refused', async () => {
    expect(await tokens.verify(await withoutExpiry())).toBe('bad_token');
  });

  test('[SE8] an expiry far away does not lengthen a token', async () => {
    const old = Math.floor(Date.now() / 1000) - SECONDS - 5;
    const token = await forged((jwt) => jwt.setIssuedAt(old).setExpirationTime('10y'));
    expect(await tokens.verify(token)).toBe('token_expired');
  });

  test('[SE7] a token that has run out says so, so that its owner refreshes it', async () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    try {
      const { token } = await tokens.issue(user, session);
      vi.setSystemTime(Date.now() + (SECONDS + 1) * 1000);
      expect(await tokens.verify(token)).toBe('token_expired');
    } finally {
      vi.useRealTimers();
    }
  });

  test('[SE8] garbage and huge tokens are refused without a look', async () => {
    for (const token of ['', '.', 'a.b.c', 'x'.repeat(1_000_000), `${'e30'}.${'e30'}.`, '\u0000']) {
      expect(await tokens.verify(token)).toBe('bad_token');
    }
    const long = await forged(same, { padding: 'x'.repeat(5000) });
    expect(await tokens.verify(long)).toBe('bad_token');
  });

  test('[SE7] a token of a sign-in that ended is refused, others of the same user are not', async () => {
    const ended = uuidv7();
    const mine = await tokens.issue(user, ended);
    const other = await tokens.issue(user, uuidv7());
    expect(await tokens.verify(mine.token)).toMatchObject({ user: user.id });
    revocations.add(ended);
    expect(await tokens.verify(mine.token)).toBe('bad_token');
    expect(await tokens.verify(other.token)).toMatchObject({ user: user.id });
  });

  test('the published key set has no private part', () => {
    expect(Object.keys(tokens.jwks.keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });
});

function withoutExpiry(): Promise<string> {
  return new SignJWT({ role: 'customer', sid: session })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.id })
    .setSubject(user.id)
    .setIssuer('seatwire')
    .setAudience('seatwire')
    .setIssuedAt()
    .sign(key.sign);
}
