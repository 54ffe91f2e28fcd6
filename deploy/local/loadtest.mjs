// npm run loadtest: installs and builds what is missing, then runs the load harness. Arguments are its own: see --help.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { asCommand, ensureReady, root } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  const harness = join(root, 'loadtest', 'dist', 'main.js');
  const child = spawn(process.execPath, [harness, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the harness as well, which then stops what it started; we only wait for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});
