// npm run first-purchase -- 20: a stranger's first purchase, so many times. Installs and builds what is missing first.
import { join } from 'node:path';
import { runNode } from './run-node.mjs';
import { asCommand, ensureReady, root } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  const program = join(root, 'deploy', 'local', 'dist', 'browser', 'first-purchase-run.js');
  await runNode([program, ...process.argv.slice(2)]);
});
