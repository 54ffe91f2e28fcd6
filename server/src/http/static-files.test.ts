import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StaticFiles } from './static-files.ts';

const SCRIPT = 'console.log("x");\n'.repeat(200);
let folder: string;
let files: StaticFiles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatwire-page-'));
  await mkdir(join(folder, 'app', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'app', 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'app', 'assets', 'main-D2fQ8sLx.js'), SCRIPT);
  await writeFile(join(folder, 'app', 'icon.svg'), '<svg/>');
  files = new StaticFiles(join(folder, 'app'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const get = (path: string, headers: Record<string, string> = {}) => files.answer(path, new Headers(headers));

describe('the web page', () => {
  test.each(['/', '/event/123', '/monitor/123', '/orders'])(
    'the web page answers its own route %s',
    async (path) => {
      const answer = get(path)!;
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(await answer.text()).toBe('<!doctype html>');
    },
  );

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '//etc/passwd',
    '/assets',
    '/event/1/2',
    '/__proto__',
  ])('the web page knows nothing at %s', (path) => {
    expect(get(path)).toBeNull();
  });

  test('[CB58] the web page is sent whole under a path without a file, whatever a cache has of it', async () => {
    const etag = get('/')!.headers.get('etag')!;
    for (const known of [undefined, etag, '*']) {
      const missing = files.notThere(new Headers(known ? { 'if-none-match': known } : {}));
      expect(missing.status).toBe(404);
      expect(await missing.text()).toBe('<!doctype html>');
      expect(missing.headers.get('etag')).toBeNull();
    }
  });

  test('hashed files may be kept for ever, and come compressed where that is understood', async () => {
    const plain = get('/assets/main-D2fQ8sLx.js')!;
    expect(plain.headers.get('cache-control')).toContain('immutable');
    expect(await plain.text()).toBe(SCRIPT);
    const zipped = get('/assets/main-D2fQ8sLx.js', { 'accept-encoding': 'gzip' })!;
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await zipped.arrayBuffer())).toString()).toBe(SCRIPT);
    const best = get('/assets/main-D2fQ8sLx.js', { 'accept-encoding': 'gzip, deflate, br' })!;
    expect(best.headers.get('content-encoding')).toBe('br');
    expect(best.headers.get('vary')).toBe('accept-encoding');
  });

  test('[CB58] a coding that is refused is not sent', async () => {
    const path = '/assets/main-D2fQ8sLx.js';
    const coding = (accepted: string) =>
      get(path, { 'accept-encoding': accepted })!.headers.get('content-encoding');
    expect(coding('br;q=0')).toBeNull();
    expect(await get(path, { 'accept-encoding': 'br;q=0' })!.text()).toBe(SCRIPT);
    expect(coding('br;q=0, *;q=0.1')).toBe('gzip');
  });

  test('[CB58] a weak tag, a list of tags and a star are known', () => {
    const etag = get('/icon.svg')!.headers.get('etag')!;
    for (const known of [`W/${etag}`, `"other", ${etag}`, '*']) {
      expect(get('/icon.svg', { 'if-none-match': known })!.status).toBe(304);
    }
    expect(get('/icon.svg', { 'if-none-match': `"x${etag.slice(1)}` })!.status).toBe(200);
  });

  test('a file of the web page that a browser has already is not sent again', () => {
    const etag = get('/icon.svg')!.headers.get('etag')!;
    expect(get('/icon.svg', { 'if-none-match': etag })!.status).toBe(304);
    expect(get('/icon.svg', { 'if-none-match': '"other"' })!.status).toBe(200);
  });

  test('a folder that is not there is an empty site', () => {
    const none = new StaticFiles(join(folder, 'nowhere'));
    expect([none.present, none.answer('/', new Headers())]).toEqual([false, null]);
  });
});
