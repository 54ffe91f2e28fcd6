import { ANY_COMMAND } from '../messages/refusals.ts';
import { COMMANDS, refusalsOf } from '../messages/up.ts';
import { REJECTIONS } from '../reject/index.ts';
import { CLOSES, shouldReconnect } from '../wire/close.ts';
import { code, table } from './markdown.ts';

export function closesTable(): string {
  const rows = Object.entries(CLOSES)
    .toSorted(([, a], [, b]) => a.code - b.code)
    .map(([reason, close]) => [
      close.code,
      code(reason),
      shouldReconnect(close.code) ? 'yes, jittered' : 'no',
      close.message,
    ]);
  return table(['close code', 'reason', 'reconnect', 'message'], rows);
}

export function rejectsTable(): string {
  const rows = Object.entries(REJECTIONS).map(([name, { retryable, status, message }]) => [
    code(name),
    retryable ? 'yes' : 'no',
    status,
    message,
  ]);
  return table(['code', 'retryable', 'HTTP', 'message'], rows);
}

/** Who may ask, what a repeat does, and the codes beside those that any command may get. */
export function commandsTable(): string {
  const rows = Object.values(COMMANDS).map((def) => [
    code(def.type),
    def.access,
    def.idempotent,
    [...refusalsOf(def)]
      .filter((one) => !ANY_COMMAND.some((any) => any === one))
      .map(code)
      .join(', '),
  ]);
  return table(['command', 'who may', 'repeated safely', 'rejected with'], rows);
}
