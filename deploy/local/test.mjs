// npm test: installs and builds what is missing, then runs vitest, whose arguments, summary and exit status are passed on.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { asCommand, ensureReady, root } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(root, 'deploy', 'local', 'vitest.config.ts');
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  // Ctrl-C reaches vitest as well, which then stops its databases; we only wait for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});
