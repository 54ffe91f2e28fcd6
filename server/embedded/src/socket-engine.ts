import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedStoreError } from './error.ts';
import { patchedCopies } from './patched-copy.ts';

/** The addons of @btc-vision/uwebsockets.js 20.57.0 for Linux on x64, by the ABI of Node 20, 22, 24. */
const SHA256: Readonly<Record<string, string>> = {
  115: '5b126ee00bf754b02e97e4c27090365a8562c5820c93f93918ac2212d4503e91',
  127: '4b55b1f2cb7a7913febbb65a89496412b96af77e838552980092ba6b33723aac',
  137: '98128405dba2fb608448e921a979530f70c946a2cc9889c15f2fa70c2d00ab05',
};

/** uWebSockets.js cannot be loaded on this machine. The message says why and what to do. */
export class SocketEngineError extends Error {
  override readonly name = 'SocketEngineError';
}

/**
 * The socket engine where the system's loader refused it: its addon wants glibc 2.38, and a patched copy runs from 2.36 on.
 * `refusal` is what importing it threw, `importer` the module's url that imports it. Any other refusal, another addon than
 * the one that was tried, and a still older system are SocketEngineErrors.
 */
export async function patchedSocketEngine<Engine>(refusal: unknown, importer: string): Promise<Engine> {
  const reason = refusal instanceof Error ? refusal.message : String(refusal);
  const sha256 = SHA256[process.versions.modules];
  const isLinux = process.platform === 'linux' && process.arch === 'x64';
  if (!isLinux || !sha256 || !reason.includes("version `GLIBC_2.38' not found"))
    throw unusable(reason, refusal);
  const require = createRequire(importer);
  const name = `uws_linux_x64_${process.versions.modules}.node`;
  try {
    const path = join(dirname(require.resolve('uWebSockets.js')), name);
    return require(join(await patchedCopies([{ path, sha256 }]), name)) as Engine;
  } catch (error) {
    // Upstream's own build, or another version of it: only the loader's words hold.
    if (error instanceof EmbeddedStoreError && error.code === 'binary_changed') throw unusable(reason, error);
    if (error instanceof EmbeddedStoreError) throw error;
    throw unusable(error instanceof Error ? error.message : String(error), error);
  }
}

function unusable(reason: string, cause: unknown): SocketEngineError {
  const why = reason.trim().split('\n').at(-1);
  return new SocketEngineError(
    `The socket engine cannot be loaded: ${why} It runs on Node 20, 22 and 24 on Linux with glibc 2.38 ` +
      '(on x64 with 2.36: Debian 12), macOS and Windows; or take the container images.',
    { cause },
  );
}
