import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { patchedSocketEngine, SocketEngineError } from './socket-engine.ts';
import { temporaryFolder } from './temporary-folder.ts';

const REFUSED = new Error(
  "This version of uWS.js supports only Node.js versions ...\n\nError: /lib/libc.so.6: version `GLIBC_2.38' not found (required by uws.node)",
);

test('what has another reason than an older glibc is told with the words of the loader', async () => {
  const refusal = new Error('This version supports only ...\n\nError: invalid ELF header');
  await expect(patchedSocketEngine(refusal, import.meta.url)).rejects.toThrow(SocketEngineError);
  await expect(patchedSocketEngine(refusal, import.meta.url)).rejects.toThrow(/invalid ELF header.*glibc/);
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('on Linux, x64', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  test('where an older glibc refused the addon, its patched copy is loaded', async () => {
    const engine = await patchedSocketEngine<{ App(): { listen: unknown; ws: unknown } }>(
      REFUSED,
      import.meta.url,
    );
    expect(engine.App().listen).toBeTypeOf('function');
  });

  test("another build under the package's name, such as upstream's own, is never patched", async () => {
    const dir = join(folder.path, 'node_modules', 'uWebSockets.js');
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'package.json'), '{"name":"uWebSockets.js","main":"uws.js"}');
    await writeFile(join(dir, 'uws.js'), '');
    await writeFile(join(dir, `uws_linux_x64_${process.versions.modules}.node`), 'built elsewhere');
    const importer = pathToFileURL(join(folder.path, 'server.js')).href;
    await expect(patchedSocketEngine(REFUSED, importer)).rejects.toThrow(/GLIBC_2\.38' not found/);
  });
});
