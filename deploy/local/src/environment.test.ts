import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { buildEnvironment, installation, launcherEnvironment, testEnvironment } from '../environment.mjs';

const shell = {
  PATH: ['/usr/bin', '/bin'].join(delimiter),
  HOME: '/home/u',
  LANG: 'de_DE.UTF-8',
  PGSSLMODE: 'require',
  NODE_ENV: 'production',
  NODE_OPTIONS: '--inspect',
  NODE_USE_ENV_PROXY: '1',
  HTTP_PROXY: 'http://proxy:8080',
  NO_PROXY: 'example.com',
  HOST: 'laptop',
  LOG_LEVEL: 'silent',
  PORT: '4000',
  DATABASE_URL: 'postgres://theirs',
  SEATWIRE_QUIET: 'true',
  CHROMIUM_BIN: '/opt/chromium',
  NPM_CONFIG_OMIT: 'dev',
};
const names = (environment: object) =>
  Object.keys(environment)
    .filter((name) => name !== 'TMPDIR')
    .sort();

test('[CB26] npm start and npm test keep of the shell what is known to matter, and nothing else', () => {
  const both = ['HOME', 'NO_PROXY', 'PATH', 'SEATWIRE_QUIET', 'no_proxy'];
  expect(names(launcherEnvironment(shell))).toEqual([...both, 'PORT', 'DATABASE_URL'].sort());
  expect(names(testEnvironment(shell))).toEqual([...both, 'CHROMIUM_BIN'].sort());
  expect(names(buildEnvironment(shell))).toEqual(both.sort());
});

test('[CB27] loopback is reached without a proxy, whatever the shell says of proxies', () => {
  for (const environment of [launcherEnvironment(shell), testEnvironment(shell)]) {
    expect(environment).toMatchObject({ NO_PROXY: '*', no_proxy: '*' });
  }
});

test('[CB26] npm ci installs what builds and tests need, also under NODE_ENV=production and omit=dev', () => {
  const { args, env } = installation(shell);
  expect(args).toEqual(expect.arrayContaining(['ci', '--include=dev', '--include=optional']));
  expect(env).not.toHaveProperty('NODE_ENV');
  // npm's own way to the registry stays the user's.
  expect(env).toMatchObject({ HTTP_PROXY: 'http://proxy:8080', HOME: '/home/u' });
});
