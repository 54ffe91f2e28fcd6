import { createConnection } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { Health } from './health.ts';
import { type Operations, operations } from './operations.ts';

let redis: () => Promise<unknown>;
let lost: string | null;
let served: Operations;
beforeEach(async () => {
  redis = async () => undefined;
  const log = pino({ level: 'silent' });
  lost = null;
  const vitals = [{ name: 'lines', ask: () => lost }];
  const health = new Health({ probes: [{ name: 'redis', required: true, ask: () => redis() }], vitals, log });
  served = operations({ host: '127.0.0.1', port: 0, health, registry: new Registry(), log });
  await health.start();
  await served.start();
});
afterEach(() => served.stop());

/** A request whose target is of no form that `fetch` would send. */
function raw(target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(served.port, '127.0.0.1', () =>
      socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    );
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}

test('[CB54] a worker whose Redis refuses its writes is not ready', async () => {
  const ready = async () => (await fetch(`http://127.0.0.1:${served.port}/readyz`)).status;
  expect(await ready()).toBe(200);
  redis = async () => {
    throw new Error('READONLY');
  };
  expect(await ready()).toBe(503);
});

test('[CF9] a process that only a new one can mend is not alive, whatever its stores do', async () => {
  const alive = async () => (await fetch(`http://127.0.0.1:${served.port}/healthz`)).status;
  redis = async () => {
    throw new Error('READONLY');
  };
  expect(await alive()).toBe(200);
  lost = 'bus';
  expect(await alive()).toBe(503);
});

test.each(['//', '/\\', 'http://[', '*', '//a:b@c'])(
  '[CX12] the odd target %s gets an answer, and the worker lives',
  async (target) => {
    expect(await raw(target)).toMatch(/^HTTP\/1\.1 40[04]/);
    expect(await raw('/healthz')).toMatch(/^HTTP\/1\.1 200/);
  },
);
