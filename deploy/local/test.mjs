// npm test: installs and builds what is missing, then runs vitest, whose arguments, summary and exit status are passed on.
import { join } from 'node:path';
import { testEnvironment } from './environment.mjs';
import { runNode } from './run-node.mjs';
import { asCommand, ensureReady, root } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(root, 'deploy', 'local', 'vitest.config.ts');
  await runNode([vitest, 'run', '--config', config, ...process.argv.slice(2)], {
    cwd: root,
    env: testEnvironment(),
  });
});
