/** A gateway for each test of a file, and native clients that are closed after it. */
import { afterEach, beforeEach } from 'vitest';
import { type System, startSystem } from './system.ts';
import { WireClient } from './wire-client.ts';

export interface NativeClients {
  readonly system: System;
  /** With the hello said and answered. `query`: of the address, as `?visitor=name`. */
  open(token?: string | null, query?: string): Promise<WireClient>;
  /** Connected, and nothing said yet. */
  connect(...how: [Parameters<typeof WireClient.connect>[1]?, string[]?]): Promise<WireClient>;
}

export function nativeClients(): NativeClients {
  let system: System;
  const clients: WireClient[] = [];
  const kept = async (client: Promise<WireClient>): Promise<WireClient> => {
    clients.push(await client);
    return client;
  };
  beforeEach(async () => {
    system = await startSystem();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await system.stop();
  });
  return {
    get system() {
      return system;
    },
    open: (token = null, query = '') => kept(WireClient.open(`${system.url}${query}`, token)),
    connect: (...how) => kept(WireClient.connect(system.url, ...how)),
  };
}
