// node .ci/run-built.mjs loadtest/dist/main.js smoke: installs and builds what is missing, then runs that program of ours with the
// arguments that follow.
import { join } from 'node:path';
import { asCommand, ensureReady, root } from '../deploy/local/setup.mjs';
import { runNode } from './run-node.mjs';

const [program, ...args] = process.argv.slice(2);
await asCommand(async () => {
  await ensureReady();
  await runNode([join(root, program), ...args]);
});
