import { OptionError } from '@seatwire/program';
import { describe, expect, test } from 'vitest';
import { help, leftAlone, OPTIONS, programOptions, readConfig, unheard } from './config.ts';

describe('the options of npm start', () => {
  test('the options of npm start default to the whole demo on port 3000, embedded stores and the project folder', () => {
    expect(readConfig([], {})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      quiet: false,
      reset: false,
      dataDir: '.data',
      servers: 1,
      workers: 1,
      redisUrl: null,
      databaseUrl: null,
      mongoUrl: null,
    });
  });

  test('the options of npm start take --port, --quiet and --reset as flags', () => {
    expect(readConfig(['--port', '4000', '--quiet', '--reset'], {})).toMatchObject({
      port: 4000,
      quiet: true,
      reset: true,
    });
  });

  test('the options of npm start take real stores from the environment alone, since addresses hold passwords', () => {
    const env = {
      SEATWIRE_REDIS_URL: 'redis://r',
      SEATWIRE_DATABASE_URL: 'postgres://p',
      SEATWIRE_MONGO_URL: 'mongodb://m',
    };
    expect(readConfig([], env)).toMatchObject({
      redisUrl: 'redis://r',
      databaseUrl: 'postgres://p',
      mongoUrl: 'mongodb://m',
    });
    expect(() => readConfig(['--redis-url', 'redis://r'], {})).toThrow(OptionError);
  });

  test('[CB26] an option that is not called as one, and a name that is none, are told to the person', () => {
    const env = { SEATWIRE_BOGUS: '1', SEATWIRE_HOST: '::1', SEATWIRE_SET_TICK_MS: '50', BOGUS: '1' };
    expect(unheard(env)).toEqual([expect.stringMatching(/^SEATWIRE_BOGUS is no option/)]);
  });

  test('[CB27] npm start leaves alone what the shell names other stores with, and says so', () => {
    const env = { REDIS_URL: 'redis://r', DATABASE_URL: 'postgres://p', MONGO_URL: 'mongodb://m' };
    expect(readConfig([], env)).toMatchObject({ redisUrl: null, databaseUrl: null, mongoUrl: null });
    expect(leftAlone(env)).toEqual([
      expect.stringMatching(/^REDIS_URL .*SEATWIRE_REDIS_URL/),
      expect.stringMatching(/^DATABASE_URL .*SEATWIRE_DATABASE_URL/),
      expect.stringMatching(/^MONGO_URL .*SEATWIRE_MONGO_URL/),
    ]);
    expect(leftAlone({ ...env, SEATWIRE_REDIS_URL: 'redis://s', MONGO_URL: '' })).toHaveLength(1);
  });

  test('[CB27] only PORT and SEATWIRE_* of the environment are options of npm start', () => {
    for (const { env } of OPTIONS) expect(env).toMatch(/^(PORT|SEATWIRE_\w+)$/);
    expect(readConfig([], { HOST: 'laptop', PROCESSES: 'many', DATA_DIR: '/nowhere' })).toMatchObject({
      host: '127.0.0.1',
      processes: 1,
      dataDir: '.data',
    });
  });

  test('the options of npm start give servers and workers what SEATWIRE_SET_ names, and nothing else', () => {
    expect(programOptions({ SEATWIRE_SET_TICK_MS: '50', TICK_MS: '1', SEATWIRE_QUIET: 'true' })).toEqual({
      TICK_MS: '50',
    });
  });

  test('npm start tells every mistake in its options at once', () => {
    expect(() => readConfig(['--port', 'http', '--servers', '0', '--crowd'], {})).toThrow(
      /--crowd[\s\S]*--port[\s\S]*--servers/,
    );
  });

  test('the options of npm start are all in --help', () => {
    for (const { env } of OPTIONS) expect(help()).toContain(env);
  });
});
