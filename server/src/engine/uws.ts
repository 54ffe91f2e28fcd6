/** The only import of uWebSockets.js: the rest of the server takes it and its types from here. */

import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js';
import { createRequire } from 'node:module';

export type {
  HttpRequest,
  HttpResponse,
  TemplatedApp,
  us_listen_socket,
  WebSocket,
  WebSocketBehavior,
} from 'uWebSockets.js';

type Engine = typeof import('uWebSockets.js');

/** The package, or the patched copy of its addon where the system's glibc is older than the one it was built against. */
async function load(): Promise<Engine> {
  // By require: when a CommonJS module that is imported throws, Node 20 ends the process, even if the error is caught.
  const require = createRequire(import.meta.url);
  try {
    return require('uWebSockets.js') as Engine;
  } catch (refusal) {
    // Only here: production, which goes without this package, runs on systems that load the engine.
    const { patchedSocketEngine } = await import('@seatwire/embedded').catch(() => {
      throw refusal;
    });
    return await patchedSocketEngine<Engine>(refusal, import.meta.url);
  }
}

const uws = await load();
export const { App, us_listen_socket_close, us_socket_local_port } = uws;

/** Missing from the package's types, both: the constant as a value, and a host together with options. */
type Listen = (
  host: string,
  port: number,
  options: number,
  listening: (socket: us_listen_socket | false) => void,
) => TemplatedApp;
const { LIBUS_LISTEN_EXCLUSIVE_PORT } = uws as unknown as { LIBUS_LISTEN_EXCLUSIVE_PORT: number };
const SHARED_PORT = 0;

interface Listening {
  readonly socket: us_listen_socket;
  readonly port: number;
}

/** Null: the port is taken. */
export async function listenOn(
  app: TemplatedApp,
  where: { readonly host: string; readonly port: number; readonly sharePort: boolean },
): Promise<Listening | null> {
  if (!where.sharePort) return listen(app, where.host, where.port, LIBUS_LISTEN_EXCLUSIVE_PORT);
  if (where.port !== 0) return listen(app, where.host, where.port, SHARED_PORT);
  // uWS takes port 0 for itself alone: let it name a free one, and take that again to share.
  const free = await listen(app, where.host, 0, SHARED_PORT);
  if (!free) return null;
  stopListening(free.socket);
  return listen(app, where.host, free.port, SHARED_PORT);
}

function listen(app: TemplatedApp, host: string, port: number, mode: number): Promise<Listening | null> {
  const listenWith = app.listen.bind(app) as unknown as Listen;
  return new Promise((resolve) => {
    listenWith(host, port, mode, (socket) => {
      resolve(socket ? { socket, port: uws.us_socket_local_port(socket) } : null);
    });
  });
}

export function stopListening(socket: us_listen_socket): void {
  uws.us_listen_socket_close(socket);
}
