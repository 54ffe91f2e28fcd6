import { spawn } from 'node:child_process';

/**
 * Runs a program on this Node, in the foreground; its exit status becomes ours.
 * @param {readonly string[]} args the program and its arguments
 * @param {{ cwd?: string, env?: Readonly<Record<string, string | undefined>> }} [options]
 */
export async function runNode(args, options = {}) {
  const child = spawn(process.execPath, args, { ...options, stdio: 'inherit' });
  // Ctrl-C reaches the program as well, which then stops what it started; we only wait for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
