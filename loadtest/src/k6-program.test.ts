import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findK6, type K6Search, moduleHash, NoK6, presentK6 } from './k6-program.ts';

let dir: string;
let said: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'seatwire-k6-'));
  said = [];
  mkdirSync(join(dir, 'module'));
  writeFileSync(join(dir, 'module', 'go.mod'), 'module pin\n');
  writeFileSync(join(dir, 'module', 'go.sum'), '');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A shell script that passes for a program. */
function program(folder: string, name: string, script: string): string {
  mkdirSync(join(dir, folder), { recursive: true });
  const file = join(dir, folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
const k6 = (folder: string, version: string) =>
  program(folder, 'k6', `echo "k6 v${version} (go1.26, linux/amd64)"`);
const go = (folder: string, version: string, build = 'printf "#!/bin/sh\\n" > "$3"; chmod +x "$3"') =>
  program(
    folder,
    'go',
    `case "$1" in version) echo "go version go${version} linux/amd64";; build) echo built >> "${dir}/builds"; ${build};; esac`,
  );
const search = (folders: string[], k6Bin?: string): K6Search => ({
  k6Bin,
  path: folders.map((folder) => join(dir, folder)),
  module: join(dir, 'module'),
  cache: join(dir, 'cache'),
  progress: (line) => said.push(line),
});
const builds = () => readFileSync(join(dir, 'builds'), 'utf8').split('\n').length - 1;

describe('finding k6', () => {
  test('K6_BIN wins over one on PATH', async () => {
    const named = k6('elsewhere', '2.2.0');
    k6('bin', '2.2.0');
    expect(await findK6(search(['bin'], named))).toBe(named);
  });

  test('a K6_BIN that is no k6 is an error, not a fallback', async () => {
    k6('bin', '2.2.0');
    const other = program('elsewhere', 'k6', 'echo "I am somebody else"');
    await expect(findK6(search(['bin'], other))).rejects.toThrow(
      /K6_BIN names .* does not say that it is k6/,
    );
    await expect(findK6(search(['bin'], join(dir, 'nowhere')))).rejects.toThrow(NoK6);
  });

  test('the first k6 on PATH is taken, and a folder or a plain file of that name is not', async () => {
    mkdirSync(join(dir, 'a', 'k6'), { recursive: true });
    mkdirSync(join(dir, 'b'));
    writeFileSync(join(dir, 'b', 'k6'), 'not executable');
    const first = k6('c', '1.0.1');
    k6('d', '2.2.0');
    expect(await findK6(search(['a', 'b', 'c', 'd']))).toBe(first);
  });

  test('a k6 too old for the scenarios is passed over for a built one, and built only once', async () => {
    k6('bin', '0.49.0');
    go('bin', '1.25.0');
    const wanted = join(dir, 'cache', moduleHash(join(dir, 'module')), 'k6');
    expect(await findK6(search(['bin']))).toBe(wanted);
    expect(await findK6(search(['bin']))).toBe(wanted);
    expect(builds()).toBe(1);
    expect(said.join('\n')).toMatch(/is k6 0\.49, older than 1\.0/);
  });

  test('one that is there already is told without building any', async () => {
    go('bin', '1.26.3');
    expect(await presentK6(search(['bin']))).toBeNull();
    const built = await findK6(search(['bin']));
    expect(await presentK6(search(['bin']))).toBe(built);
    const onPath = k6('bin', '2.2.0');
    expect(await presentK6(search(['bin']))).toBe(onPath);
    expect(builds()).toBe(1);
  });

  test('another pin is another build', async () => {
    go('bin', '1.26.3');
    await findK6(search(['bin']));
    writeFileSync(join(dir, 'module', 'go.sum'), 'something newer');
    await findK6(search(['bin']));
    expect(builds()).toBe(2);
  });

  test('the search for k6 says what to install when there is neither k6 nor Go', async () => {
    await expect(findK6(search(['bin']))).rejects.toThrow(/neither k6 nor Go[\s\S]*K6_BIN[\s\S]*Go 1\.25/);
  });

  test('an old Go is told apart from none', async () => {
    go('bin', '1.22.4');
    await expect(findK6(search(['bin']))).rejects.toThrow(/is Go 1\.22/);
  });

  test('a build that fails leaves nothing behind and passes on what Go said', async () => {
    go('bin', '1.25.0', 'echo "no network" >&2; exit 1');
    await expect(findK6(search(['bin']))).rejects.toThrow(/no network/);
    await expect(findK6(search(['bin']))).rejects.toThrow(/no network/);
    expect(builds()).toBe(2);
  });
});
