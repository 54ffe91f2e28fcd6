import { OptionError } from '@seatwire/program';
import { describe, expect, test } from 'vitest';
import { help, OPTIONS, readConfig } from './config.ts';

describe('the server’s options', () => {
  test('have defaults that make a development server', () => {
    const config = readConfig([], {});
    expect(config).toMatchObject({ port: 3000, processes: 1, environment: 'development', demo: false });
    expect(config.allowedOrigins).toEqual([]);
    expect(config.signingKey).toBeNull();
  });

  test('ask for a signing key in production', () => {
    expect(() => readConfig([], { NODE_ENV: 'production' })).toThrow(OptionError);
    const key = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'eA', d: 'ZA' });
    expect(readConfig([], { NODE_ENV: 'production', SIGNING_KEY: key }).signingKey).toMatchObject({
      x: 'eA',
    });
  });

  test('have each a name, an environment name and a flag of their own', () => {
    for (const part of ['name', 'env', 'flag'] as const) {
      const given = OPTIONS.flatMap((option) =>
        part in option ? [(option as Record<string, unknown>)[part]] : [],
      );
      expect(new Set(given).size).toBe(given.length);
    }
  });

  test('stand in the help, each with its environment name', () => {
    for (const { env } of OPTIONS) expect(help()).toContain(env);
  });
});
