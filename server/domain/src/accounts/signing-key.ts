/** The Ed25519 key that signs access tokens: given in production, made once and kept in the data folder in development. */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';

export interface SigningKey {
  readonly id: string;
  readonly sign: CryptoKey;
  readonly verify: CryptoKey;
  /** For the key set: no private part. */
  readonly published: JWK;
}

export async function importSigningKey(jwk: JWK): Promise<SigningKey> {
  const { kty, crv, x, d } = jwk;
  const publicPart: JWK = { kty: kty!, crv: crv!, x: x! };
  const id = await calculateJwkThumbprint(publicPart);
  return {
    id,
    sign: (await importJWK({ ...publicPart, d: d! }, 'EdDSA')) as CryptoKey,
    verify: (await importJWK(publicPart, 'EdDSA')) as CryptoKey,
    published: { ...publicPart, kid: id, alg: 'EdDSA', use: 'sig' },
  };
}

/** The key in `folder`, made if there is none. Several processes may start at once: the first to link its file wins. */
export async function developmentKey(folder: string): Promise<SigningKey> {
  const path = join(folder, 'signing-key.json');
  const known = readKey(path);
  if (known) return importSigningKey(known);
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return importSigningKey(readKey(path)!);
}

function readKey(path: string): JWK | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`the signing key ${path} cannot be read: delete it to make a new one`, { cause: error });
  }
}
