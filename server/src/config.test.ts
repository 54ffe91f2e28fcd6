import { OptionError } from '@seatwire/program';
import { COMMAND_MS } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import { help, OPTIONS, readConfig } from './config.ts';
import { gatewayOptions } from './process-options.ts';

describe('the server’s options', () => {
  test('the server’s options have defaults that make a development server', () => {
    const config = readConfig([], {});
    expect(config).toMatchObject({ port: 3000, processes: 1, environment: 'development', demo: false });
    expect(config.allowedOrigins).toEqual([]);
    expect(config.signingKey).toBeNull();
  });

  test('the server’s options ask for a signing key in production', () => {
    expect(() => readConfig([], { NODE_ENV: 'production' })).toThrow(OptionError);
    const key = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'eA', d: 'ZA' });
    expect(readConfig([], { NODE_ENV: 'production', SIGNING_KEY: key }).signingKey).toMatchObject({
      x: 'eA',
    });
  });

  test('the server’s options leave a payment no more than the time of a command', () => {
    const most = COMMAND_MS / 3;
    expect(readConfig([], {}).paymentTimeoutMs).toBeLessThan(most);
    expect(() => readConfig([], { PAYMENT_TIMEOUT_MS: String(Math.ceil(most)) })).toThrow(OptionError);
    expect(gatewayOptions(readConfig([], {})).commandMs).toBe(COMMAND_MS);
  });

  test('the server’s options have each a name, an environment name and a flag of their own', () => {
    for (const part of ['name', 'env', 'flag'] as const) {
      const given = OPTIONS.flatMap((option) =>
        part in option ? [(option as Record<string, unknown>)[part]] : [],
      );
      expect(new Set(given).size).toBe(given.length);
    }
  });

  test('the server’s options stand in the help, each with its environment name', () => {
    for (const { env } of OPTIONS) expect(help()).toContain(env);
  });
});
