import { readFileSync } from 'node:fs';

/** One file each in scripts/, with what it takes and returns at its head. */
export type PaymentScript = 'authorise' | 'capture' | 'void' | 'refund' | 'find';

const texts = new Map<PaymentScript, string>();

export function scriptText(name: PaymentScript): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
  texts.set(name, text);
  return text;
}
