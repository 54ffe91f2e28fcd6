/** Benchmarks that live in the package whose inside they measure, run as programs of their own. */
import { spawn } from 'node:child_process';
import { environmentWith, PROJECT } from '../config.ts';

/** All it printed, once it has ended well. Throws with what it said otherwise. */
export function outputOf(args: readonly string[], withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: PROJECT,
      env: environmentWith({}),
      timeout: withinMs,
    });
    let out = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-2000);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${args.at(-1)} ended with ${signal ?? code}. It said:\n${said.trim()}`));
    });
  });
}

/** A program that is asked by lines, and answers each with a line of JSON. */
export class AskedProgram {
  readonly #child;
  readonly #heard: string[] = [];
  #waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | null = null;
  #rest = '';

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, args, {
      cwd: PROJECT,
      env: environmentWith({}),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${this.#rest}${text}`.split('\n');
      this.#rest = lines.pop()!;
      for (const line of lines) this.#hear(line);
    });
    this.#child.once('close', () => this.#waiting?.reject(new Error(`${args.at(-1)} ended`)));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async next<T>(): Promise<T> {
    const line = this.#heard.shift();
    if (line !== undefined) return JSON.parse(line) as T;
    return JSON.parse(
      await new Promise<string>((resolve, reject) => {
        this.#waiting = { resolve, reject };
      }),
    ) as T;
  }
  ask<T>(line: string): Promise<T> {
    this.#child.stdin.write(`${line}\n`);
    return this.next<T>();
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #hear(line: string): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) waiting.resolve(line);
    else this.#heard.push(line);
  }
}
