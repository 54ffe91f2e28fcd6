/**
 * A TCP line to a store that fails as lines in the world do: it swallows, delays, goes half open, is cut, or is cut after what was
 * asked has been carried out. Loopback only. Nothing here closes a connection by itself but `cut`, `cutAfter` and `close`: a peer that
 * is gone says nothing, and its client must notice alone.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FaultyLine {
  readonly port: number;
  /** The target's, with this line in between. */
  readonly url: string;
  /** Connections open now, as the client sees them. */
  readonly open: number;
  /** Bytes are taken and go nowhere, on every connection, also a new one, until `mend`. */
  swallow(what?: 'all' | 'replies'): void;
  /** The peer of every connection open now is gone for good without a word; new connections work. */
  halfOpen(): void;
  /** Replies come later by so many ms, in order; a function is asked for each chunk. */
  delay(ms: number | (() => number)): void;
  /** What a client sends and `matches` reaches the target; before its answer comes, that client's connection is cut. Once. */
  cutAfter(matches: (sent: Buffer) => boolean): void;
  /** Ends every connection, and each new one at once, until `mend`. */
  cut(): void;
  /** New bytes and new connections go through again. Swallowed bytes remain lost, and half-open connections remain dead. */
  mend(): void;
  close(): Promise<void>;
}

interface Wire {
  readonly near: Socket;
  readonly far: Socket;
  dead: boolean;
}

/** `target`: a URL, or a port of this machine. */
export async function faultyLine(target: string | number): Promise<FaultyLine> {
  const to = new URL(typeof target === 'number' ? `tcp://127.0.0.1:${target}` : target);
  const wires = new Set<Wire>();
  const lost = new Set<Socket>();
  let swallows: 'all' | 'replies' | null = null;
  let cutting: ((sent: Buffer) => boolean) | null = null;
  let whole = true;
  let delayOf: () => number = () => 0;

  const server = createServer((near) => {
    near.on('error', () => {});
    if (!whole) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(to.port), to.hostname);
    const wire: Wire = { near, far, dead: false };
    wires.add(wire);
    near.setNoDelay(true);
    far.setNoDelay(true);
    far.on('error', () => {});
    near.on('data', (sent) => {
      if (wire.dead || swallows === 'all') return;
      const last = cutting?.(sent) ?? false;
      far.write(sent);
      if (!last) return;
      cutting = null;
      wire.dead = true;
      near.destroy();
    });
    far.on(
      'data',
      later(
        () => delayOf(),
        (reply) => {
          if (!wire.dead && swallows === null) near.write(reply);
        },
      ),
    );
    near.on('close', () => {
      wires.delete(wire);
      // What was sent still arrives. A target whose client is lost without a word keeps the connection.
      if (wire.dead || swallows === 'all') lost.add(far);
      else far.end();
    });
    far.on('close', () => {
      lost.delete(far);
      if (!wire.dead && swallows === null) near.destroy();
    });
  });

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const url = new URL(to);
  url.port = String(port);
  const cut = () => {
    whole = false;
    for (const { near } of wires) near.destroy();
  };
  return {
    port,
    url: url.href,
    get open() {
      return wires.size;
    },
    swallow(what = 'all') {
      swallows = what;
    },
    halfOpen() {
      for (const wire of wires) wire.dead = true;
    },
    delay(ms) {
      delayOf = typeof ms === 'number' ? () => ms : ms;
    },
    cutAfter(matches) {
      cutting = matches;
    },
    cut,
    mend() {
      whole = true;
      swallows = null;
      cutting = null;
      delayOf = () => 0;
    },
    close() {
      cut();
      for (const far of [...lost, ...Array.from(wires, (wire) => wire.far)]) far.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** Hands chunks on after `ms`, none before the one that came before it. */
function later(ms: () => number, hand: (chunk: Buffer) => void): (chunk: Buffer) => void {
  let before = Promise.resolve();
  let waiting = 0;
  return (chunk) => {
    const wait = ms();
    if (wait === 0 && waiting === 0) {
      hand(chunk);
      return;
    }
    waiting++;
    before = Promise.all([before, sleep(wait)]).then(() => {
      waiting--;
      hand(chunk);
    });
  };
}
