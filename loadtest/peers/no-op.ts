/** Answers each frame with itself: whatever the load client reaches here is not the server's doing. */
import { uWS } from './engine.ts';

export function serveNoOp(): Promise<number> {
  const app = uWS.App();
  app.ws('/*', {
    maxPayloadLength: 65_536,
    message(ws, message, isBinary) {
      ws.send(message, isBinary);
    },
  });
  return new Promise((resolve, reject) => {
    app.listen('127.0.0.1', 0, (socket) =>
      socket ? resolve(uWS.us_socket_local_port(socket)) : reject(new Error('cannot listen')),
    );
  });
}
