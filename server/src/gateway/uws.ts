/** The one door to uWebSockets.js: the rest of the server takes its types from here. */

import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js';
import * as uws from 'uWebSockets.js';

export type {
  HttpRequest,
  HttpResponse,
  TemplatedApp,
  us_listen_socket,
  WebSocket,
  WebSocketBehavior,
} from 'uWebSockets.js';
export { App, us_listen_socket_close, us_socket_local_port } from 'uWebSockets.js';

/** Missing from the package's types, both: the constant as a value, and a host together with options. */
type Listen = (
  host: string,
  port: number,
  options: number,
  listening: (socket: us_listen_socket | false) => void,
) => TemplatedApp;
const { LIBUS_LISTEN_EXCLUSIVE_PORT } = uws as unknown as { LIBUS_LISTEN_EXCLUSIVE_PORT: number };
const SHARED_PORT = 0;

/** Null: the port is taken. */
export function listenOn(
  app: TemplatedApp,
  where: { readonly host: string; readonly port: number; readonly sharePort: boolean },
): Promise<{ readonly socket: us_listen_socket; readonly port: number } | null> {
  const listen = app.listen.bind(app) as unknown as Listen;
  const mode = where.sharePort ? SHARED_PORT : LIBUS_LISTEN_EXCLUSIVE_PORT;
  return new Promise((resolve) => {
    listen(where.host, where.port, mode, (socket) => {
      resolve(socket ? { socket, port: uws.us_socket_local_port(socket) } : null);
    });
  });
}

export function stopListening(socket: us_listen_socket): void {
  uws.us_listen_socket_close(socket);
}
