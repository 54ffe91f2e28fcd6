import { PortTaken } from '@seatwire/program';
import { afterEach, describe, expect, test } from 'vitest';
import { type System, startSystem } from './testing/system.ts';
import { WireClient } from './testing/wire-client.ts';

const systems: System[] = [];
const start = async (...args: Parameters<typeof startSystem>): Promise<System> => {
  const system = await startSystem(...args);
  systems.push(system);
  return system;
};
afterEach(async () => {
  await Promise.all(systems.splice(0).map((system) => system.stop()));
});

describe('the port', () => {
  test('the port is refused when another process has it', async () => {
    const { port } = await start();
    await expect(startSystem({ gateway: { port } })).rejects.toThrow(PortTaken);
  });

  test('the port may be shared by processes that agree to', async () => {
    const first = await start({ gateway: { sharePort: true } });
    const second = await start({ gateway: { sharePort: true, port: first.port } });
    await first.gateway.drain(0);
    const client = await WireClient.open(second.url);
    expect(second.gateway.sockets).toBe(1);
    await client.close();
  });
});

describe('HTTP beside the sockets', () => {
  test('HTTP beside the sockets has its own routes, and its catch-all gets every other path', async () => {
    const { port } = await start({
      routes(app) {
        app.get('/healthz', (res) => void res.end('well'));
        app.any('/*', (res, req) => void res.writeStatus('404 Not Found').end(`nothing at ${req.getUrl()}`));
      },
    });
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    expect(await get('/healthz')).toBe('well');
    expect(await get('/ws')).toBe('nothing at /ws');
    expect(await get('/socket.io')).toBe('nothing at /socket.io');
    expect(await get('/socket.io/')).toContain('WebSocket');
  });
});
