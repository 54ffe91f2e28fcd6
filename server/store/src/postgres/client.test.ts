import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { postgresClient } from './client.ts';

afterEach(() => vi.unstubAllEnvs());

/** The first bytes of a client's connection: its startup message as pairs, or `TLS` when it asks for that first. */
async function firstWords(url: (port: number) => string): Promise<'TLS' | Record<string, string>> {
  let hear: (bytes: Buffer) => void = () => undefined;
  const heard = new Promise<Buffer>((resolve) => {
    hear = resolve;
  });
  const server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', (bytes) => {
        hear(bytes);
        socket.destroy();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = postgresClient(url((server.address() as AddressInfo).port), { application_name: 'ours' });
  client.on('error', () => undefined);
  await client.connect().catch(() => undefined);
  const bytes = await heard;
  server.close();
  if (bytes.readUInt32BE(4) === 80877103 || bytes[0] === 0x16) return 'TLS';
  const words = bytes.subarray(8).toString('utf8').split('\0');
  const pairs: [string, string][] = [];
  for (let i = 0; words[i]; i += 2) pairs.push([words[i]!, words[i + 1]!]);
  return Object.fromEntries(pairs);
}

const shell = {
  PGSSLMODE: 'require',
  PGSSLNEGOTIATION: 'direct',
  PGHOST: '203.0.113.1',
  PGPORT: '1',
  PGUSER: 'somebody',
  PGPASSWORD: 'wrong',
  PGDATABASE: 'elsewhere',
  PGOPTIONS: '-c default_transaction_read_only=on',
  PGREPLICATION: 'database',
  PGAPPNAME: 'psql',
  PGCLIENT_ENCODING: 'latin1',
};
const underThatShell = () => {
  for (const [name, value] of Object.entries(shell)) vi.stubEnv(name, value);
};

test('[CB27] what an address says is all that is asked for, whatever PG variables the shell has', async () => {
  underThatShell();
  expect(await firstWords((port) => `postgres://seat:secret@127.0.0.1:${port}/ledger`)).toEqual({
    user: 'seat',
    database: 'ledger',
    application_name: 'ours',
    client_encoding: 'UTF8',
  });
});

test('[CB27] what an address leaves out is not taken from PG variables either', async () => {
  underThatShell();
  const { username } = userInfo();
  expect(await firstWords((port) => `postgres://127.0.0.1:${port}`)).toMatchObject({
    user: username,
    database: username,
  });
  const client = postgresClient('postgres:///ledger', { application_name: 'ours' });
  expect([client.host, client.port]).toEqual(['localhost', 5432]);
  const { password } = client as unknown as { password: () => string };
  expect(password()).toBe('');
});

test('what an address does say is kept: TLS, options, names', async () => {
  const at = (query: string) => firstWords((port) => `postgres://u:p@127.0.0.1:${port}/d?${query}`);
  expect(await at('sslmode=no-verify')).toBe('TLS');
  expect(await at('ssl=true')).toBe('TLS');
  expect(await at('ssl=false')).toMatchObject({ user: 'u' });
  expect(await at('sslmode=disable')).toMatchObject({ user: 'u' });
  expect(await at('options=-c%20search_path%3Dx&application_name=theirs')).toEqual({
    user: 'u',
    database: 'd',
    application_name: 'theirs',
    client_encoding: 'UTF8',
    options: '-c search_path=x',
  });
});
