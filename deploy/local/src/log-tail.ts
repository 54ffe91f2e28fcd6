/** The last few lines of a log, with pino's JSON made readable: what a person should see when a program has died. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 16_384;

/** Empty when there is no log. Never throws: it is called while reporting something worse. */
export function lastWords(file: string, lines = 6): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(fd, tail, 0, tail.length, size - tail.length);
      return tail
        .toString('utf8')
        .trim()
        .split('\n')
        .slice(-lines)
        .map(readable)
        .filter((line) => line !== '')
        .join('\n');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

/** pino's numbers of levels. */
const LEVELS: Readonly<Record<number, string>> = { 40: 'warning', 50: 'error', 60: 'fatal' };

function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { level, msg, err } = JSON.parse(line) as {
      level?: number;
      msg?: string;
      err?: { message?: string };
    };
    const said = [msg, err?.message].filter((part, i, all) => part && all.indexOf(part) === i);
    if (said.length === 0) return '';
    const name = LEVELS[level ?? 0];
    return `${name === undefined ? '' : `${name}: `}${said.join(': ')}`;
  } catch {
    return line;
  }
}
