/** Access tokens of a system whose signing key the benchmark chose: no sign-in stands between it and a thousand buyers. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const LIFE_S = 3600;

export class Tokens {
  readonly #key: KeyObject;
  /** What the servers are started with. */
  readonly env: Readonly<Record<string, string>>;

  constructor() {
    const { privateKey } = generateKeyPairSync('ed25519');
    this.#key = privateKey;
    const { kty, crv, x, d } = privateKey.export({ format: 'jwk' });
    this.env = {
      SIGNING_KEY: JSON.stringify({ kty, crv, x, d }),
      ACCESS_TOKEN_SECONDS: String(LIFE_S),
    };
  }

  of(buyer: string): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      sub: buyer,
      role: 'customer',
      sid: 'bench',
      iss: 'seatwire',
      aud: 'seatwire',
      iat: now,
      exp: now + LIFE_S,
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'EdDSA', typ: 'at+jwt' })}.${part(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.#key).toString('base64url')}`;
  }
}
