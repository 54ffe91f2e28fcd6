// npm start: installs and builds what is missing, then runs the whole system. Arguments are main.ts's: see --help.
import { launcherEnvironment, takeOn } from './environment.mjs';
import { asCommand, ensureReady } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  takeOn(launcherEnvironment());
  await import('./dist/main.js');
});
