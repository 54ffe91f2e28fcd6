import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '@seatwire/embedded';
import { environmentWith } from './config.ts';

export interface PackagedChromium {
  readonly executable: string;
  /** Libraries it needs that a bare system lacks (NSS, expat). */
  readonly libraries: string;
  readonly fontConfig: string;
}

const PACKAGE = '@sparticuz/chromium';
// Runs the package's own unpacking, in a folder of ours rather than /tmp, and with the libraries it keeps for Amazon's
// systems, which lack the same ones as a bare Debian.
const UNPACK = `import('${PACKAGE}').then(({ default: chromium }) => chromium.executablePath())`;

/** The Chromium inside the npm package, unpacked once (200 MB, about 3 s) into the project's cache folder. */
export async function packagedChromium(): Promise<PackagedChromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `npm brings a Chromium for Linux on x64 only, not for ${process.platform} ${process.arch}. ` +
        'Install Chromium or Chrome, or set CHROMIUM_BIN to one.',
    );
  }
  const folder = join(cacheFolder(), `chromium-${await packageVersion()}`);
  const unpacked = {
    executable: join(folder, 'chromium'),
    libraries: join(folder, 'al2023/lib'),
    fontConfig: join(folder, 'fonts'),
  };
  if (!(await exists(folder))) await unpack(folder);
  return unpacked;
}

async function packageVersion(): Promise<string> {
  // The manifest is not among the package's exports; its entry is build/cjs/index.cjs.
  const entry = createRequire(import.meta.url).resolve(PACKAGE);
  const manifest = await readFile(join(dirname(entry), '../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

async function unpack(folder: string): Promise<void> {
  const scrap = `${folder}.${randomUUID()}`;
  await mkdir(scrap, { recursive: true });
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', UNPACK], {
      cwd: import.meta.dirname,
      env: environmentWith({ TMPDIR: scrap, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }),
      timeout: 120_000,
    });
    await chmod(join(scrap, 'chromium'), 0o755);
    await writeFile(join(scrap, 'fonts/fonts.conf'), fontConfig(join(folder, 'fonts')));
    await rename(scrap, folder);
  } catch (error) {
    await rm(scrap, { recursive: true, force: true });
    // Another process was quicker, and its folder is as good.
    if ((await readdir(folder).catch(() => [])).length === 0) throw error;
  }
}

/**
 * The package's own file names folders of Amazon's functions, where none of its fonts are found here; and a Chromium without any
 * font paints no text at all, nor lives through measuring one.
 */
function fontConfig(fonts: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${fonts}</dir>
  <cachedir>${fonts}/cache</cachedir>
</fontconfig>
`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
