/**
 * A real Chromium for browser tests and screenshots: CHROMIUM_BIN, else one on PATH, else the one npm brings, so that
 * nothing need be installed beforehand.
 */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { environmentWith, libraryPath, namedChromium, searchPath } from './config.ts';
import { packagedChromium } from './packaged.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const FLAGS = [
  // Tests run as root in containers, where Chromium's own sandbox cannot be set up. Only our own pages are opened.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/** Starts a headless Chromium; the caller closes it. Throws with what to do when there is none for this machine. */
export async function launchChromium(): Promise<Browser> {
  const installed = namedChromium() ?? (await installedChromium());
  if (installed) return chromium.launch({ executablePath: installed, args: FLAGS, timeout: 30_000 });
  const packaged = await packagedChromium();
  return chromium.launch({
    executablePath: packaged.executable,
    args: [...FLAGS, '--no-zygote', '--font-render-hinting=none'],
    timeout: 30_000,
    env: environmentWith({
      LD_LIBRARY_PATH: [libraryPath(), packaged.libraries].filter(Boolean).join(delimiter),
      FONTCONFIG_PATH: packaged.fontConfig,
    }),
  });
}

async function installedChromium(): Promise<string | undefined> {
  for (const folder of searchPath()) {
    for (const name of NAMES) {
      const file = join(folder, name);
      const runnable = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runnable) return file;
    }
  }
  return undefined;
}
