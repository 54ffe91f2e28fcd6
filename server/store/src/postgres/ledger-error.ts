/** What an error of Postgres or its driver means: lost for now, or a rule broken for good. */
import { Unavailable } from '../unavailable.ts';

/** SQLSTATE classes and codes that say "not now" rather than "not so". */
const UNAVAILABLE_CLASSES = new Set([
  '08', // connection exceptions
  '40', // rolled back: deadlock, serialisation
  '53', // out of disk, memory or connections
  '58', // the server's own I/O
]);
const UNAVAILABLE_CODES = new Set([
  '25006', // read-only: we reached a standby during a fail-over
  '25P03', // idle in transaction for too long
  '55P03', // a lock was not granted in time
  '57014', // statement timeout
  '57P01', // the server is stopped
  '57P02',
  '57P03', // the server is starting
  '57P05',
]);
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** The driver's own words for a connection that is gone; it gives them no code. */
const LOST =
  /connection terminated|not queryable|timeout expired|client is (pending destroy|destroyed)|pool (is being|has (been|ended))/i;

/** Whether `error`, or what caused it, is a lost dependency rather than a defect or a broken rule. */
export function meansUnavailable(error: unknown): boolean {
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth++
  ) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string') {
      if (SYSTEM_CODES.has(code) || UNAVAILABLE_CODES.has(code)) return true;
      if (code.length === 5 && UNAVAILABLE_CLASSES.has(code.slice(0, 2))) return true;
    }
    if (LOST.test(cause.message)) return true;
    if (cause instanceof AggregateError && cause.errors.some(meansUnavailable)) return true;
  }
  return false;
}

/** The one place where a lost connection becomes `Unavailable`; anything else is passed on as it is. */
export function asLedgerError(error: unknown): unknown {
  if (error instanceof Unavailable || !meansUnavailable(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new Unavailable('postgres', `Postgres did not answer: ${why}`, { cause: error });
}
