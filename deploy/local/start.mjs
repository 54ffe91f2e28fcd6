// npm start: installs and builds what is missing, then runs the whole system. Arguments are main.ts's: see --help.
import { asCommand, ensureReady } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  await import('./dist/main.js');
});
