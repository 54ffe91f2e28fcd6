// npm run bench: installs and builds what is missing, then measures. Arguments are its own: see --help.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { asCommand, ensureReady, root } from './setup.mjs';

await asCommand(async () => {
  await ensureReady();
  const bench = join(root, 'loadtest', 'dist', 'bench', 'main.js');
  const child = spawn(process.execPath, [bench, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the benchmark as well; what it started ends with it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});
