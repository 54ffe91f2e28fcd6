import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { filesOf, readSource } from './files.mjs';
import { falseNames, Repository } from './named-files.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
/** Texts with comments, and documents. */
const READ = /\.(?:tsx?|mts|mjs|js|lua|sql|py|ya?ml|css|md)$|^\.ci\/|\/Dockerfile/;

const small = new Repository([
  ...[
    'README.md',
    'docs/guide.md',
    'server/src/main.ts',
    'server/src/rooms/room.ts',
    'server/src/scan.test.ts',
  ],
  ...['server/src/rooms/scripts/hold.lua', 'server/src/rooms/race.e2e.test.ts', 'worker/src/outbox.ts'],
]);
const named = (path: string, text: string) =>
  falseNames(small, { path, text }).map(({ line, name }) => `${line}: ${name}`);

test.each([
  ['README.md', 'See `rooms/replica.ts`.'],
  ['README.md', 'See rooms/replica.ts.'],
  ['README.md', 'Rooms are in `server/src/halls/`.'],
  ['README.md', 'Rooms are in `server/src/halls`.'],
  ['README.md', 'Run `node server/dist/serve.js`.'],
  ['README.md', 'Shown by `property.redis`.'],
  ['README.md', 'Read [the guide](docs/guides.md).'],
  ['README.md', 'Read [further down](#further-down).'],
  ['docs/guide.md', 'Read [the start](docs/guide.md).'],
  ['README.md', 'All of `scripts/*.sql`.'],
  ['server/src/main.ts', 'start(); // see rooms/halls.ts'],
  ['server/src/rooms/room.ts', '/** Read by outbox.ts. */'],
  ['server/src/rooms/scripts/hold.lua', '-- as in lib/op.lua'],
  ['.ci/run', '# see docs/ci.md'],
  ['docker-compose.yml', 'redis: # see docs/redis.md'],
])('a false name in %s is found: %s', (path, text) => {
  expect(named(path, `a first line\n${text}\n`)).toHaveLength(1);
  expect(named(path, `a first line\n${text}\n`)[0]).toMatch(/^2: /);
});

test.each([
  ['README.md', 'See `rooms/room.ts`, `room.ts` and server/src/main.ts.'],
  ['README.md', 'Rooms are in `rooms/`; all of `scripts/*.lua`; run `node server/dist/main.js`.'],
  ['README.md', 'Shown by `race.e2e`; a suffix of `.redis` or `.e2e` says what a test needs.'],
  ['README.md', '# Go on\nRead [the guide](docs/guide.md), [this](#go-on), [that](https://a.example/b.md).'],
  ['README.md', '`GET /api/events`, `/socket.io/`, `@seatwire/protocol/client`, `text/html`, `ws://host/ws`'],
  ['README.md', '`.cache/k6/` and `.data/` are ignored by git; a run writes out/report.html'],
  ['server/src/rooms/room.ts', '// as main.ts does, and scripts/hold.lua; uWebSockets.js; README.md'],
  ['server/src/rooms/room.ts', `import { halls } from './halls.ts';`],
  ['worker/src/migrations/0001_all.sql', '-- see halls.ts'],
])('what %s may name passes: %s', (path, text) => {
  expect(named(path, text)).toEqual([]);
});

test('each test of a column "shown by" exists', () => {
  const table = (tests: string) => `| | rule | shown by |\n|---|---|---|\n| 1 | \`rule\` | ${tests} |\n`;
  expect(named('README.md', table('`race.e2e`, `scan` tests, `/readyz`'))).toEqual([]);
  expect(named('README.md', table('`race.e2e`, `limits` tests'))).toEqual(['3: limits']);
});

test('every file, folder and test that a document or a comment of the repository names exists', () => {
  const files = filesOf(PROJECT);
  expect(files).toEqual(
    expect.arrayContaining(['README.md', '.ci/run', 'server/store/src/seats/seat-store.ts']),
  );
  const repository = new Repository(files);
  const found = files
    .filter((path) => READ.test(path) && !path.endsWith('named-files.test.ts'))
    .flatMap((path) => falseNames(repository, readSource(PROJECT, path)));
  expect(found.map(({ path, line, name }) => `${path}:${line}: ${name}`)).toEqual([]);
});
