import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shortScratchFolder } from './config.ts';
import { EmbeddedStoreError, explainLog, folderError, unsupportedPlatform } from './error.ts';
import { checkMongoEngine, patchedMongoEngine } from './mongo-engine.ts';
import { runStore, type StoreOptions, type StoreProcess, type StoreProgram } from './store-process.ts';

/** What mongo-child.mjs says over its channel. */
type Report = { readonly ready: true } | { readonly failed: string; readonly load: boolean };

const CHILD = fileURLToPath(new URL('./mongo-child.mjs', import.meta.url));
const MONGO_DATABASE = 'seatwire';

// Set once the system's loader has refused the engine as npm brings it: later starts go straight to the patched one.
let patched: Readonly<Record<string, string>> | undefined;

/**
 * Starts a MongoDB on 127.0.0.1: MongoDB's own engine, without transactions and change streams. For development, tests
 * and the demo.
 */
export async function startMongo(options: StoreOptions): Promise<StoreProcess> {
  await checkMongoEngine();
  try {
    return await runStore(mongoStore(), options);
  } catch (error) {
    if (!(error instanceof LoaderRefused) || patched) throw error;
    patched = await patchedMongoEngine();
    return await runStore(mongoStore(), options);
  }
}

class LoaderRefused extends EmbeddedStoreError {
  constructor(reason: string) {
    super(
      'unsupported_platform',
      unsupportedPlatform('MongoDB', `the system's loader refused it (${reason}).`).message,
    );
  }
}

function mongoStore(): StoreProgram {
  const reports = new WeakMap<ChildProcess, Promise<Report>>();
  return {
    store: 'MongoDB',
    stopSignal: 'SIGTERM',
    startWithinMs: 60_000,
    stopWithinMs: 20_000,
    async prepare(dir) {
      for (const folder of [join(dir, 'data'), socketFolder(dir)]) {
        await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
          throw folderError(folder, error);
        });
      }
    },
    async command(dir, port) {
      await mkdir(socketFolder(dir), { recursive: true, mode: 0o700 });
      return {
        file: process.execPath,
        args: [CHILD, join(dir, 'data'), String(port)],
        env: { TMPDIR: socketFolder(dir), ...patched },
        ipc: true,
      };
    },
    spawned(child) {
      reports.set(
        child,
        new Promise((resolve) => child.once('message', (message) => resolve(message as Report))),
      );
    },
    async probe(child, port, dir) {
      const report = await reports.get(child);
      if (!report) throw new Error('it has not reported yet');
      if ('ready' in report) return;
      if (report.load) throw new LoaderRefused(report.failed);
      throw explainLog('MongoDB', dir, port, report.failed);
    },
    // journal: a write is answered once it is on disk. Without it, a SIGKILL lost the last one acknowledged.
    url: (port) => `mongodb://127.0.0.1:${port}/${MONGO_DATABASE}?directConnection=true&journal=true`,
    owns: ({ args }, dir) =>
      args.some((arg) => basename(arg) === basename(CHILD)) && args.includes(join(dir, 'data')),
    cleanUp: (dir) => rm(socketFolder(dir), { recursive: true, force: true }),
  };
}

// A unix socket's path is at most 103 bytes long on macOS, 107 on Linux; below this folder ours takes 65.
const SOCKET_FOLDER_MOST = 38;

/** Where the engine puts its unix socket: a short path, and the same at each start of `dir`. */
function socketFolder(dir: string): string {
  return join(
    shortScratchFolder(SOCKET_FOLDER_MOST),
    `seatwire-mongo-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`,
  );
}
