// npm run loadtest: installs and builds what is missing, then runs the load harness. Arguments are its own: see --help.
import { asCommand, ensureReady } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  await import('../../loadtest/dist/main.js');
});
