import { scriptTexts } from '../redis/script-text.ts';

/** One file each in scripts/, with what it takes and returns at its head. */
export type PaymentScript = 'authorise' | 'capture' | 'void' | 'refund' | 'find';

export const scriptText = scriptTexts<PaymentScript>(new URL('./scripts/', import.meta.url));
