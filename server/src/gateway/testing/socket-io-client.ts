/** A socket.io client as a user of the protocol would write one. */
import type { EventId } from '@seatwire/protocol';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

export interface Rejected {
  readonly type: 'rejected';
  readonly op: string;
  readonly code: string;
  readonly message: string;
}
/** An ack, as far as the tests look. */
export type Answer = Record<string, unknown> & { readonly type: string };

export class SocketIoClient {
  readonly socket: Socket;
  readonly heard: { readonly name: string; readonly body: Record<string, unknown> }[] = [];

  constructor(port: number, options: Partial<ManagerOptions & SocketOptions> = {}) {
    this.socket = io(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    this.socket.onAny((name: string, body: Record<string, unknown>) => this.heard.push({ name, body }));
  }

  /** Connected and welcomed. Rejects with socket.io's connect_error. */
  static async open(
    port: number,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<SocketIoClient> {
    const client = new SocketIoClient(port, options);
    await Promise.race([
      client.next('welcome'),
      new Promise((_, reject) => client.socket.once('connect_error', reject)),
    ]);
    return client;
  }

  ask(name: string, payload: object): Promise<Answer> {
    return this.socket.timeout(5_000).emitWithAck(name, payload) as Promise<Answer>;
  }
  join(event: EventId): Promise<Answer> {
    return this.ask('join', { event });
  }

  next(name: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${name} within 5 s`)), 5_000);
      this.socket.once(name, (body: Record<string, unknown>) => {
        clearTimeout(timer);
        resolve(body);
      });
    });
  }

  all(name: string): Record<string, unknown>[] {
    return this.heard.filter((message) => message.name === name).map((message) => message.body);
  }

  close(): void {
    this.socket.disconnect();
  }
}
