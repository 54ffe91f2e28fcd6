// npm run bench: installs and builds what is missing, then measures. Arguments are its own: see --help.
import { join } from 'node:path';
import { runNode } from './run-node.mjs';
import { asCommand, ensureReady, root } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  await runNode([join(root, 'loadtest', 'dist', 'bench', 'main.js'), ...process.argv.slice(2)]);
});
