import { OptionError } from '@seatwire/program';
import { describe, expect, it } from 'vitest';
import { help, OPTIONS, readConfig } from './config.ts';

describe('the options of npm start', () => {
  it('default to the whole demo on port 3000, embedded stores and the project folder', () => {
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

  it('take --port, --quiet and --reset as flags', () => {
    expect(readConfig(['--port', '4000', '--quiet', '--reset'], {})).toMatchObject({
      port: 4000,
      quiet: true,
      reset: true,
    });
  });

  it('take real stores from the environment alone, since addresses hold passwords', () => {
    const env = { REDIS_URL: 'redis://r', DATABASE_URL: 'postgres://p', MONGO_URL: 'mongodb://m' };
    expect(readConfig([], env)).toMatchObject({
      redisUrl: 'redis://r',
      databaseUrl: 'postgres://p',
      mongoUrl: 'mongodb://m',
    });
    expect(() => readConfig(['--redis-url', 'redis://r'], {})).toThrow(OptionError);
  });

  it('tell every mistake at once', () => {
    expect(() => readConfig(['--port', 'http', '--servers', '0', '--crowd'], {})).toThrow(
      /--crowd[\s\S]*--port[\s\S]*--servers/,
    );
  });

  it('are all in --help', () => {
    for (const { env } of OPTIONS) expect(help()).toContain(env);
  });
});
