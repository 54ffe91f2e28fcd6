/** Currencies that money is taken in. Pages derive their digits from the code, so it must be a real one. */
let known: ReadonlySet<string> | undefined;

/** Whether the code is of ISO 4217. */
export function isCurrency(code: string): boolean {
  known ??= new Set(Intl.supportedValuesOf('currency'));
  return known.has(code);
}
