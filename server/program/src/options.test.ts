import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { address, integer, json, list, text, toggle } from './option-types.ts';
import { describeOptions, OptionError, optionsTable, readOptions } from './options.ts';

const TABLE = [
  {
    name: 'port',
    env: 'PORT',
    flag: '--port',
    type: integer(0, 65_535),
    default: '3000',
    description: 'Port.',
  },
  { name: 'quiet', env: 'QUIET', flag: '--quiet', type: toggle, default: 'false', description: 'No noise.' },
  { name: 'origins', env: 'ORIGINS', type: list, default: 'a, b', description: 'Origins.' },
  { name: 'redis', env: 'REDIS_URL', type: address('redis:'), default: null, description: 'Redis.' },
  {
    name: 'key',
    env: 'KEY',
    type: json(z.object({ kty: z.literal('OKP') })),
    default: null,
    description: 'Key.',
    secret: true,
  },
  { name: 'host', env: 'HOST', type: text, default: '127.0.0.1', description: 'Host | address.' },
] as const;

const problemsOf = (args: string[], env: Record<string, string> = {}): readonly string[] => {
  try {
    readOptions(TABLE, args, env);
  } catch (error) {
    if (error instanceof OptionError) return error.problems;
  }
  return [];
};

describe('options', () => {
  test('a flag wins over the environment, and the environment over the default', () => {
    expect(readOptions(TABLE, [], {}).port).toBe(3000);
    expect(readOptions(TABLE, [], { PORT: '4000' }).port).toBe(4000);
    expect(readOptions(TABLE, ['--port', '5000'], { PORT: '4000' }).port).toBe(5000);
    expect(readOptions(TABLE, ['--port=0'], {}).port).toBe(0);
  });

  test('an empty environment value counts as absent', () => {
    expect(readOptions(TABLE, [], { PORT: '' }).port).toBe(3000);
    expect(readOptions(TABLE, [], { REDIS_URL: '' }).redis).toBeNull();
  });

  test('a switch may stand alone', () => {
    expect(readOptions(TABLE, ['--quiet', '--port', '1'], {})).toMatchObject({ quiet: true, port: 1 });
    expect(readOptions(TABLE, ['--quiet=false'], { QUIET: 'true' }).quiet).toBe(false);
  });

  test('lists are split and trimmed', () => {
    expect(readOptions(TABLE, [], { ORIGINS: 'x,, y ' }).origins).toEqual(['x', 'y']);
  });

  test('every mistake is named at once, with where it came from', () => {
    const problems = problemsOf(['--port', 'many', '--nope', '3'], { REDIS_URL: 'http://x' });
    expect(problems).toHaveLength(4);
    expect(problems.join('\n')).toMatch(/--port: must be a whole number.*"many"/);
    expect(problems.join('\n')).toMatch(/--nope: no such option/);
    expect(problems.join('\n')).toMatch(/REDIS_URL: must start with redis:\/\//);
  });

  test('a number out of bounds is refused with the bounds', () => {
    expect(problemsOf(['--port', '70000'])).toEqual(['--port: must be from 0 to 65535 (got "70000")']);
  });

  test('a flag without its value is refused', () => {
    expect(problemsOf(['--port'])).toEqual(['--port: needs a value']);
  });

  test('a secret is never printed', () => {
    const problems = problemsOf([], { KEY: '{"kty":"hush"}' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain('hush');
  });

  test('help and the README table name every option', () => {
    const help = describeOptions('usage: x', TABLE);
    const table = optionsTable(TABLE);
    for (const option of TABLE) {
      expect(help).toContain(option.env);
      expect(table).toContain(`\`${option.env}\``);
    }
    expect(table).toContain('Host \\| address.');
  });
});
