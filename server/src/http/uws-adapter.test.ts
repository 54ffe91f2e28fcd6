import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { App, listenOn, stopListening, type TemplatedApp, type us_listen_socket } from '../engine/uws.ts';
import { type Peer, serveFetch } from './uws-adapter.ts';

let app: TemplatedApp;
let listening: us_listen_socket;
let base: string;
let port: number;

async function echo(request: Request, peer: Peer): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (pathname === '/throws') throw new Error('a defect');
  if (pathname === '/never') return new Promise(() => undefined);
  if (pathname === '/slow') await new Promise((resolve) => setTimeout(resolve, 100));
  if (pathname === '/empty') return new Response(null, { status: 204 });
  if (pathname === '/cookies') {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    return new Response('ok', { headers });
  }
  const body = await request.text();
  return Response.json({ method: request.method, pathname, search, body: body.length, peer: peer.address });
}

beforeAll(async () => {
  app = App();
  serveFetch(app, '/*', echo, {
    maxBodyBytes: 1000,
    deadlineMs: 400,
    trustProxy: true,
    tooLarge: () => new Response('too large', { status: 413 }),
    timedOut: () => new Response('late', { status: 503 }),
    failed: () => new Response('defect', { status: 500 }),
  });
  const at = await listenOn(app, { host: '127.0.0.1', port: 0, sharePort: false });
  listening = at!.socket;
  port = at!.port;
  base = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  stopListening(listening);
  app.close();
});

/** Sends raw bytes; resolves with all that came back once the server closed, or after `forMs`. */
function raw(text: string, forMs = 300, end = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () =>
      socket.write(text, () => end && socket.destroy()),
    );
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
    setTimeout(() => socket.destroy(), forMs);
  });
}

describe('the adapter from uWS to fetch', () => {
  test('the adapter from uWS to fetch carries method, path, query, body and peer', async () => {
    const answer = await fetch(`${base}/a%20b?x=1&y=%26`, { method: 'POST', body: 'x'.repeat(1000) });
    expect(await answer.json()).toEqual({
      method: 'POST',
      pathname: '/a%20b',
      search: '?x=1&y=%26',
      body: 1000,
      peer: '127.0.0.1',
    });
  });

  test('the adapter from uWS to fetch takes the peer from the last hop a trusted proxy names', async () => {
    const headers = { 'x-forwarded-for': '6.6.6.6, 10.0.0.7' };
    expect(await (await fetch(base, { headers })).json()).toMatchObject({ peer: '10.0.0.7' });
  });

  test('the adapter from uWS to fetch answers HEAD without a body', async () => {
    const answer = await fetch(base, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(0);
    expect(await answer.text()).toBe('');
  });

  test('the adapter from uWS to fetch answers 204 without a length, and keeps the connection in step', async () => {
    const heard = await raw('GET /empty HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(heard).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(heard).not.toMatch(/content-length/i);
    for (let i = 0; i < 3; i++) {
      expect((await fetch(`${base}/empty`)).status).toBe(204);
      expect(await (await fetch(`${base}/after`)).json()).toMatchObject({ pathname: '/after' });
    }
  });

  test('the adapter from uWS to fetch keeps several cookies apart', async () => {
    expect((await fetch(`${base}/cookies`)).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('[SE13] the adapter from uWS to fetch refuses a body over the bound, whatever its length header says', async () => {
    expect((await fetch(base, { method: 'POST', body: 'x'.repeat(1001) })).status).toBe(413);
    const chunked = `POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${'400\r\n'}${'x'.repeat(1024)}\r\n0\r\n\r\n`;
    expect(await raw(chunked)).toMatch(/^HTTP\/1\.1 413/);
  });

  test('[SE14] the adapter from uWS to fetch answers, and lets go of, a body that never ends', async () => {
    const heard = await raw('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc', 2_000);
    expect(heard).toMatch(/^HTTP\/1\.1 503/);
  });

  test('the adapter from uWS to fetch answers in time for a handler that does not', async () => {
    expect((await fetch(`${base}/never`)).status).toBe(503);
  });

  test('a handler that throws is a 500, and the server lives', async () => {
    expect((await fetch(`${base}/throws`)).status).toBe(500);
    expect((await fetch(base)).status).toBe(200);
  });

  test('clients that leave at any moment do not end the process', async () => {
    const requests = [
      'GET /slow HTTP/1.1\r\nhost: x\r\n\r\n',
      'GET /never HTTP/1.1\r\nhost: x\r\n\r\n',
      'POST /slow HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc',
      'GET / HT',
    ];
    await Promise.all(Array.from({ length: 40 }, (_, i) => raw(requests[i % 4]!, 50, i % 2 === 0)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await fetch(base)).status).toBe(200);
  });

  test.each(['a:b@c', 'a@c', 'x/y?z=', 'x#', '', 'x:99999', '\xff', 'xn--'])(
    '[CX12] the host %j changes nothing of what is asked for',
    async (host) => {
      const heard = await raw(`GET /a/b?c=d HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
      expect(heard).toMatch(/^HTTP\/1\.1 200/);
      expect(heard).toContain('"pathname":"/a/b","search":"?c=d"');
    },
  );

  test.each([
    'GET //evil.example/ HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /\\..\\x HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /%zz%00?%ff HTTP/1.1\r\nhost: a b\r\n\r\n',
    'GET /x HTTP/1.1\r\nhost: [::1\r\n\r\n',
    'GET //a:b@c/ HTTP/1.1\r\nhost: x\r\n\r\n',
    'TRACE / HTTP/1.1\r\nhost: x\r\n\r\n',
  ])('odd requests get an answer: %j', async (text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 (200|400|405)/);
  });
});
