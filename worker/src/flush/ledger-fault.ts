/** What an error of the ledger means for the purchases that met it. */
import { MalformedPurchase, Unavailable } from '@seatwire/store';

/** The ledger is away, overloaded, full, or not yet migrated: the purchases are fine, ask again later. */
export function isLedgerLost(error: unknown): boolean {
  if (error instanceof Unavailable) return error.dependency === 'postgres';
  const state = sqlState(error);
  return state !== null && !isDataState(state);
}

/** The purchase contradicts itself or breaks a rule of the ledger (SQLSTATE class 22: bad value, 23: constraint) and always will. */
export function isDataFault(error: unknown): boolean {
  if (error instanceof MalformedPurchase) return true;
  const state = sqlState(error);
  return state !== null && isDataState(state);
}

const isDataState = (state: string): boolean => state.startsWith('22') || state.startsWith('23');

/** The five characters of SQLSTATE, however deep the driver wrapped them. */
function sqlState(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    const code: unknown = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return null;
}
