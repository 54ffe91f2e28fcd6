// npm run bench: installs and builds what is missing, then measures. Arguments are its own: see --help.
import { asCommand, ensureReady } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  await import('../../loadtest/dist/bench/main.js');
});
