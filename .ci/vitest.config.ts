/**
 * Every test of the repository. A test file's suffix says what it needs, and puts it in the project that provides it:
 * `.test.ts` nothing, `.redis.` a Redis, `.pg.` a Postgres and a Redis, `.mongo.` a MongoDB, `.e2e.` the built system
 * (it starts what it needs itself), `.browser.` that and a Chromium.
 */
import { fileURLToPath } from 'node:url';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = [
  'protocol/src',
  'server/src',
  'server/embedded/src',
  'server/program/src',
  'server/store/src',
  'server/domain/src',
  'worker/src',
  'web-demo/src',
  'loadtest',
  'deploy/local/src',
  'deploy/proof/src',
  '.ci',
];
const suffixes = ['redis', 'pg', 'mongo', 'e2e', 'browser'];
// Packages are tested from their sources, not from what was last built.
const conditions = ['@seatwire/source', ...defaultServerConditions];

const named = (pattern: string) => sources.map((folder) => `${folder}/**/${pattern}`);
const setup = (...stores: string[]) =>
  stores.map((store) => `${root}/server/store/src/testing/${store}.setup.ts`);
const suite = (suffix: string, globalSetup: string[] = []) => ({
  name: suffix,
  include: named(`*.${suffix}.test.{ts,tsx}`),
  globalSetup,
});
// Whole systems and browsers want the machine to themselves: one file at a time, after the others.
const alone = (groupOrder: number) => ({
  maxWorkers: 1,
  sequence: { groupOrder },
  testTimeout: 120_000,
  hookTimeout: 120_000,
});

export default defineConfig({
  root,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    exclude: ['**/node_modules/**', '**/dist/**'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: named('*.test.{ts,tsx}'),
          exclude: [
            '**/node_modules/**',
            '**/dist/**',
            ...suffixes.map((suffix) => `**/*.${suffix}.test.{ts,tsx}`),
          ],
        },
      },
      { extends: true, test: suite('redis', setup('redis')) },
      { extends: true, test: suite('pg', setup('redis', 'pg')) },
      { extends: true, test: suite('mongo', setup('mongo')) },
      { extends: true, test: { ...suite('e2e'), ...alone(1) } },
      { extends: true, test: { ...suite('browser'), ...alone(2) } },
    ],
  },
});
