/** What operators and orchestrators ask of any process: is it alive, can it work, what has it counted. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';
import { PortTaken } from './life.ts';
import type { Service } from './service.ts';

export const OPERATIONS_PATHS = ['/healthz', '/readyz', '/metrics'] as const;
type OperationsPath = (typeof OPERATIONS_PATHS)[number];

export interface Operated {
  readonly health: Health;
  readonly registry: Registry;
}

export async function answerOperator(path: OperationsPath, parts: Operated): Promise<Response> {
  const headers = { 'cache-control': 'no-store' };
  switch (path) {
    case '/healthz': {
      const life = parts.health.life();
      return Response.json(life, { status: life.alive ? 200 : 503, headers });
    }
    case '/readyz': {
      const state = await parts.health.readiness();
      return Response.json(state, { status: state.ready ? 200 : 503, headers });
    }
    case '/metrics': {
      const { registry } = parts;
      return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
    }
  }
}

export interface OperationsParts extends Operated {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
}

export interface Operations extends Service {
  /** Known once started. */
  readonly port: number;
}

/** The port of a process that serves nothing else. Throws `PortTaken` at the start. */
export function operations(parts: OperationsParts): Operations {
  const { host, port, log } = parts;

  async function answer(target: string, response: ServerResponse): Promise<void> {
    // Not by `URL`: it throws for some targets that a stranger may ask for, such as `//`.
    const asked = target.split('?', 1)[0];
    const path = OPERATIONS_PATHS.find((known) => known === asked);
    const said = path
      ? await answerOperator(path, parts)
      : Response.json({ error: 'not found' }, { status: 404 });
    const body = await said.text();
    response.writeHead(said.status, Object.fromEntries(said.headers)).end(body);
  }

  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request.url ?? '/', response).catch((error: unknown) => {
      log.error({ err: error, target: request.url }, 'an operations request failed');
      response.destroy();
    });
  });

  return {
    name: 'operations',
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? port;
    },
    start: () =>
      new Promise<void>((resolve, reject) => {
        const refused = (error: NodeJS.ErrnoException): void =>
          reject(error.code === 'EADDRINUSE' ? new PortTaken(host, port) : error);
        server.once('error', refused);
        server.listen(port, host, () => {
          server.off('error', refused);
          resolve();
        });
      }),
    async drain() {},
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
