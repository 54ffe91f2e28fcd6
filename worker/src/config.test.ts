import { describe, expect, test } from 'vitest';
import { help, OPTIONS, readConfig } from './config.ts';

describe('the options of the worker', () => {
  test('the options of the worker all have a default, or can do without a value', () => {
    const config = readConfig([], {});
    expect(config.batchSize).toBe(500);
    expect(config.consumer).toMatch(/^[\w.-]+-\d+$/);
  });

  test('the options of the worker have each a name, an environment name and a flag of their own', () => {
    for (const key of ['name', 'env', 'flag'] as const) {
      const given = OPTIONS.flatMap((option) =>
        key in option ? [(option as Record<string, unknown>)[key]] : [],
      );
      expect(new Set(given).size).toBe(given.length);
    }
  });

  test('mistakes are named all at once', () => {
    expect(() => readConfig(['--sweep', '1'], { FLUSH_BATCH: 'many', REDIS_URL: 'http://x' })).toThrow(
      /REDIS_URL.*\n.*FLUSH_BATCH.*\n.*--sweep/,
    );
  });

  test('help names the commands and every option', () => {
    for (const word of ['rebuild <event>', 'reconcile [event]', ...OPTIONS.map(({ env }) => env)]) {
      expect(help()).toContain(word);
    }
  });
});

test('every number of partitions that the server takes, the worker takes', () => {
  expect(readConfig([], { PARTITIONS: '256' }).partitions).toBe(256);
  expect(() => readConfig([], { PARTITIONS: '257' })).toThrow('must be from 1 to 256');
});
