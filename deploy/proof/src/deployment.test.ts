/**
 * No container engine runs these files here, so they are held against what they must agree with: the compose specification's keys,
 * the servers' own option tables, and the repository.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT } from '@seatwire/local';
import type { Option } from '@seatwire/program';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly [key: string]: unknown;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const text = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');
const composeText = text('docker-compose.yml');
const compose = parse(composeText, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const OURS = ['server', 'worker'] as const;
const STORES = ['redis', 'postgres', 'mongo'] as const;

/** Keys of a service in the compose specification that are used here. */
const KNOWN_KEYS = [
  ...['image', 'build', 'command', 'user', 'environment', 'ports', 'volumes', 'networks', 'depends_on'],
  ...['healthcheck', 'restart', 'init', 'read_only', 'tmpfs', 'cap_drop', 'security_opt', 'ulimits'],
  ...['stop_signal', 'stop_grace_period', 'shm_size'],
];

/** The programs' tables. Named at run time: this package may not import them, only check against them. */
async function optionsOf(program: (typeof OURS)[number]): Promise<readonly Option[]> {
  const url = pathToFileURL(join(PROJECT, program, 'src', 'config.ts')).href;
  return ((await import(/* @vite-ignore */ url)) as { OPTIONS: readonly Option[] }).OPTIONS;
}

describe('docker-compose.yml', () => {
  test('docker-compose.yml is made of the services, networks and volumes it names', () => {
    expect(Object.keys(compose.services).sort()).toEqual([...STORES, ...OURS].sort());
    for (const [name, service] of services) {
      expect(KNOWN_KEYS, name).toEqual(expect.arrayContaining(Object.keys(service)));
      for (const network of service.networks ?? []) expect(compose.networks).toHaveProperty(network);
      for (const volume of service.volumes ?? [])
        expect(compose.volumes).toHaveProperty(volume.split(':')[0]!);
      for (const other of Object.keys(service.depends_on ?? {}))
        expect(compose.services).toHaveProperty(other);
    }
  });

  test('docker-compose.yml publishes the server alone, and keeps the stores on a network without a way out', () => {
    for (const [name, service] of services) {
      expect(service.ports ?? [], name).toEqual(name === 'server' ? ['3000:3000'] : []);
    }
    for (const name of STORES) expect(compose.services[name]!.networks).toEqual(['stores']);
    expect(compose.networks.stores!.internal).toBe(true);
  });

  test('docker-compose.yml checks the health of everything, and starts nothing before what it needs is healthy', () => {
    for (const name of STORES) expect(compose.services[name]!.healthcheck!.test.length).toBeGreaterThan(1);
    for (const name of OURS) {
      const { depends_on } = compose.services[name]!;
      expect(depends_on).toMatchObject({ redis: {}, postgres: {} });
      for (const { condition } of Object.values(depends_on!)) expect(condition).toBe('service_healthy');
      // The images check themselves.
      expect(stageOf(name)).toMatch(/^HEALTHCHECK /m);
    }
  });

  test('docker-compose.yml runs nothing as root, and our own programs on a file system they cannot write', () => {
    for (const name of STORES) expect(compose.services[name]!.user).toMatch(/^(redis|postgres|mongodb)$/);
    for (const name of OURS) {
      expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(stageOf('runtime').trim().endsWith('USER node')).toBe(true);
      expect(stageOf(name)).not.toMatch(/^USER /m);
    }
  });

  test('docker-compose.yml pins each image to a version', () => {
    for (const name of STORES) expect(compose.services[name]!.image).toMatch(/:\d+(\.\d+)*(-\w+)?$/);
  });

  test('docker-compose.yml keeps every acknowledged write of Redis, and evicts nothing', () => {
    const command = JSON.stringify(compose.services.redis!.command);
    expect(command).toMatch(/--appendonly yes --appendfsync always/);
    expect(command).toMatch(/--maxmemory-policy noeviction/);
  });

  test('docker-compose.yml stops our programs no sooner than they have drained', async () => {
    for (const name of OURS) {
      const drain = (await optionsOf(name)).find((option) => option.name === 'drainMs')!;
      const grace = Number.parseInt(String(compose.services[name]!.stop_grace_period), 10);
      expect(grace * 1000).toBeGreaterThan(Number(drain.default) + 5000);
    }
  });
});

describe.each(OURS)('the environment of the %s', (name) => {
  let options: readonly Option[];
  beforeAll(async () => {
    options = await optionsOf(name);
  });
  const given = Object.entries(compose.services[name]!.environment ?? {});

  test(`the environment of the ${name} names options it has`, () => {
    expect(given.length).toBeGreaterThan(0);
    for (const [variable] of given) expect(options.map((option) => option.env)).toContain(variable);
  });

  test(`the environment of the ${name} has every secret, each from a variable that compose insists on`, () => {
    const wanted = options.filter((option) => option.secret && option.env !== 'DEMO_ACCOUNTS');
    for (const { env } of wanted) {
      const value = compose.services[name]!.environment?.[env];
      expect(value, env).toMatch(/\$\{\w+:\?[^}]+\}/);
    }
  });

  test(`the environment of the ${name} has values that the option tables accept`, () => {
    for (const [variable, value] of given) {
      const option = options.find((candidate) => candidate.env === variable)!;
      const filled = value
        .replace(/\$\{\w+:-([^}]*)\}/g, '$1')
        .replace(/\$\{(\w+):\?[^}]+\}/g, (_, secret: string) => (secret === 'SIGNING_KEY' ? KEY : 'secret'));
      if (filled !== '') expect(option.type.safeParse(filled).error, variable).toBeUndefined();
    }
  });
});

const KEY = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd' });

describe('env.example', () => {
  const offered = [...text('deploy/container/env.example').matchAll(/^(\w+)=/gm)].map((match) => match[1]);

  test('offers each variable compose insists on, without a value', () => {
    const required = new Set([...composeText.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]));
    expect(offered).toEqual(expect.arrayContaining([...required]));
    expect(text('deploy/container/env.example')).not.toMatch(/^\w+=\S/m);
  });

  test('offers nothing that compose does not read', () => {
    for (const name of offered) expect(composeText).toContain(`\${${name}:`);
  });
});

describe('the Dockerfile', () => {
  const dockerfile = text('deploy/container/Dockerfile');

  test('the Dockerfile copies what the repository has, and knows every workspace', () => {
    for (const [, sources] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
      for (const source of sources!.split(' ')) expect(existsSync(join(PROJECT, source)), source).toBe(true);
    }
    const { workspaces } = JSON.parse(text('package.json')) as { workspaces: string[] };
    for (const workspace of workspaces) expect(dockerfile).toContain(`COPY ${workspace}/package.json `);
  });

  test('the Dockerfile ships production dependencies, compiled programs, and no sources', () => {
    expect(stageOf('dependencies')).toMatch(/npm ci .*--omit=dev/);
    for (const name of ['runtime', ...OURS]) {
      expect(stageOf(name)).not.toMatch(/\/src|npm /);
      for (const [, path] of stageOf(name).matchAll(/^COPY --from=build \/app\/(\S+)/gm)) {
        expect(path).toMatch(/(package\.json|dist|dist\/app)$/);
      }
    }
    for (const name of OURS) expect(stageOf(name)).toMatch(new RegExp(`^CMD .*"${name}/dist/main.js"`, 'm'));
  });

  test('the Dockerfile runs on a Node the engines allow, on a Debian whose glibc the socket engine was built for', () => {
    const bases = [...dockerfile.matchAll(/^FROM (node:\S+)/gm)].map(([, base]) => base);
    expect(bases).toEqual(Array(2).fill('node:24-trixie-slim'));
  });
});

/** The text of one stage. */
function stageOf(name: string): string {
  const stages = text('deploy/container/Dockerfile').split(/^FROM /m);
  return stages.find((stage) => stage.split('\n')[0]!.endsWith(` AS ${name}`)) ?? '';
}
