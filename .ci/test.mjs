// npm test: installs and builds what is missing, then runs vitest, whose arguments, summary and exit status are passed on.
import { join } from 'node:path';
import { testEnvironment } from '../deploy/local/environment.mjs';
import { asCommand, ensureReady, root } from '../deploy/local/setup.mjs';
import { runNode } from './run-node.mjs';

await asCommand(async () => {
  await ensureReady();
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(root, '.ci', 'vitest.config.ts');
  await runNode([vitest, 'run', '--config', config, ...process.argv.slice(2)], {
    cwd: root,
    env: testEnvironment(),
  });
});
