import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkArrows, readSources } from './arrows.mjs';

const check = (path: string, text: string) =>
  checkArrows([{ path, text }]).map(({ line, message }) => `${line}: ${message}`);

test.each([
  ['protocol/src/a.ts', `import type { SeatStore } from '@seatwire/store';`, 'nothing of ours'],
  ['protocol/src/a.ts', `import { readFile } from 'node:fs';`, 'nothing of Node'],
  ['server/store/src/a.ts', `export * from '@seatwire/server';`, 'server/store may import'],
  ['web-demo/src/a.tsx', `const view = <b/>; await import('@seatwire/store');`, 'web-demo may import'],
  ['loadtest/lib/a.ts', `type S = import('@seatwire/store').SeatStore;`, 'loadtest may import'],
  ['server/store/src/a.ts', `import { startRedis } from '@seatwire/embedded';`, 'only development and tests'],
  ['server/embedded/src/a.ts', `import { uuidv7 } from '@seatwire/protocol';`, 'nothing of ours'],
  ['worker/src/a.ts', `import '../../server/store/src/index.ts';`, 'leaves worker/'],
  ['server/src/a.ts', `import '../store/src/index.ts';`, 'leaves server/'],
  ['deploy/local/src/a.ts', `import '../../../.ci/copy-assets.mjs';`, 'leaves deploy/local/'],
  ['deploy/local/src/a.ts', `import { until } from '@seatwire/proof';`, 'deploy/local may import'],
  ['worker/src/a.ts', `const a = require('@seatwire/store/dist/index.js');`, 'built files'],
  ['server/src/rooms/a.ts', `import { reply } from '../http/reply.ts';`, 'rooms knows nothing of http'],
  ['server/src/http/a.ts', `import { App } from '../gateway/app.ts';`, 'http knows nothing of gateway'],
  ['server/src/http/a.ts', `import '../main.ts';`, 'composition root'],
  ['server/domain/src/a.ts', `import { pino } from '@seatwire/server';`, 'server/domain may import'],
  ['server/store/src/a.ts', `import '@seatwire/domain';`, 'server/store may import'],
  ['server/src/rooms/a.ts', `import * as uWS from 'uWebSockets.js';`, 'socket engines'],
  ['server/src/http/a.ts', `import { App } from 'uWebSockets.js';`, 'socket engines'],
  ['deploy/local/src/a.ts', `import { Server } from 'socket.io';`, 'socket engines'],
  ['server/src/rooms/a.ts', `export const port = process.env.PORT;`, 'config.ts files only'],
  ['server/src/rooms/a.ts', `export const port = process['env'].PORT;`, 'config.ts files only'],
  ['server/src/rooms/a.ts', `import { from 'x';`, 'cannot be parsed'],
])('a planted violation in %s is reported: %s', (path, text, message) => {
  const found = check(path, `// a first line\n${text}\n`);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
  if (!message.startsWith('cannot')) expect(found[0]).toMatch(/^2: /);
});

test.each([
  ['protocol/src/a.test.ts', `import { readFile } from 'node:fs';`],
  ['server/store/src/a.ts', `import { uuidv7 } from '@seatwire/protocol';`],
  ['server/store/src/a.redis.test.ts', `import { startRedis } from '@seatwire/embedded';`],
  ['server/store/src/a.bench.ts', `import { startRedis } from '@seatwire/embedded';`],
  ['deploy/local/setup.mjs', `import { copyAssets } from '../../.ci/copy-assets.mjs';`],
  ['server/src/engine/uws.ts', `await import('@seatwire/embedded');`],
  [
    'server/src/http/a.ts',
    `import type { HttpResponse } from 'uWebSockets.js'; import '../rooms/room.ts'; import '../engine/uws.ts';`,
  ],
  [
    'server/src/gateway/a.ts',
    `import * as uWS from 'uWebSockets.js'; import '../rooms/room.ts'; import { Server } from 'socket.io';`,
  ],
  ['server/src/main.ts', `import './gateway/app.ts'; import './http/app.ts'; import './rooms/room.ts';`],
  ['server/src/config.ts', `export const port = process.env.PORT;`],
  [
    'server/src/rooms/a.ts',
    `// process.env, import '../http/a.ts'\nexport const text = "import '../http/a.ts'";`,
  ],
  ['deploy/local/src/a.e2e.test.ts', `import { io } from 'socket.io-client'; process.env.X;`],
])('what is allowed in %s passes: %s', (path, text) => {
  expect(check(path, text)).toEqual([]);
});

/** A module that imports these. */
const importing = (path: string, ...targets: string[]) => ({
  path,
  text: targets.map((target) => `import type { A } from '${target}';\n`).join(''),
});
const messages = (...sources: Parameters<typeof checkArrows>[0] & { path: string; text: string }[]) =>
  checkArrows(sources).map(({ path, line, message }) => `${path}:${line} ${message}`);

test('a planted circle of files is reported, once, by a way that goes round it', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => `worker/src/seats/${name}.ts`);
  expect(
    messages(importing(a!, './other.ts', './b.ts'), importing(b!, './c.ts'), importing(c!, './a.ts')),
  ).toEqual([`${a}:2 a circle: ${a} -> ${b} -> ${c} -> ${a}`]);
});

test('a planted circle of nouns is reported, though no file of them is in a circle', () => {
  const [sales, holds] = ['sales', 'holds'].map((noun) => `server/domain/src/${noun}`);
  expect(
    messages(
      importing(`${sales}/desk.ts`, '../holds/calls.ts'),
      importing(`${holds}/calls.ts`),
      importing(`${holds}/desk.ts`, '../sales/orders.ts'),
    ),
  ).toEqual([`${sales}/desk.ts:1 a circle: ${sales} -> ${holds} -> ${sales}`]);
});

test('a test may use another noun, and a file of src may compose all: neither makes a circle of nouns', () => {
  expect(
    messages(
      importing('server/domain/src/sales/desk.ts', '../holds/calls.ts'),
      importing('server/domain/src/holds/desk.test.ts', '../sales/desk.ts'),
      importing('server/domain/src/index.ts', './holds/calls.ts', './sales/desk.ts'),
      importing('server/domain/src/holds/calls.ts', '../clock.ts'),
    ),
  ).toEqual([]);
});

test('the repository itself has no import against the arrows', () => {
  const sources = readSources(fileURLToPath(new URL('..', import.meta.url)));
  expect(sources.map((source) => source.path)).toContain('server/embedded/src/index.ts');
  expect(checkArrows(sources)).toEqual([]);
});
