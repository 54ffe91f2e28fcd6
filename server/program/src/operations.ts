/** What operators and orchestrators ask of a process: is it alive, can it work, what has it counted. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Service } from './service.ts';

export interface OperationsParts {
  readonly host: string;
  readonly port: number;
  /** Each settles within a deadline of its own, and throws when the thing does not answer. */
  readonly dependencies: Readonly<Record<string, () => Promise<unknown>>>;
  readonly registry: Registry;
  readonly log: Logger;
}

export interface Operations extends Service {
  /** Known once started. */
  readonly port: number;
}

const DEADLINE_MS = 2_000;

export function operations({ host, port, dependencies, registry, log }: OperationsParts): Operations {
  let draining = false;

  async function readiness(): Promise<Record<string, string>> {
    const asked = Object.entries(dependencies).map(async ([name, ask]) => {
      const answer = await within(DEADLINE_MS, ask()).then(
        () => 'ok',
        (error: unknown) => String(error),
      );
      return [name, answer] as const;
    });
    return Object.fromEntries(await Promise.all(asked));
  }

  async function answer(path: string, response: ServerResponse): Promise<void> {
    if (path === '/healthz') return json(response, 200, { status: 'ok' });
    if (path === '/readyz') {
      const states = await readiness();
      const ready = !draining && Object.values(states).every((state) => state === 'ok');
      return json(response, ready ? 200 : 503, { ready, draining, ...states });
    }
    if (path === '/metrics') {
      const text = await registry.metrics();
      response.writeHead(200, { 'content-type': registry.contentType }).end(text);
      return;
    }
    json(response, 404, { error: 'not found' });
  }

  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    // Not by `URL`: it throws for some targets that a stranger may ask for, such as `//`.
    const path = (request.url ?? '/').split('?', 1)[0]!;
    answer(path, response).catch((error: unknown) => {
      log.error({ err: error, path }, 'an operations request failed');
      if (!response.headersSent) json(response, 500, { error: 'internal' });
    });
  });

  return {
    name: 'operations',
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? port;
    },
    start: () =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    async drain() {
      draining = true;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
