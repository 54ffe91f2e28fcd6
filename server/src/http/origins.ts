/** Which pages may call: the own origin, and those of the allow-list. A request without Origin is no browser's cross-site call. */
export class Origins {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  /** `host` is the request's Host header. */
  allows(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    return this.#allowed.has(origin) || isOwn(origin, host);
  }

  /** Whether to answer with cross-origin headers. */
  isForeignButAllowed(origin: string | undefined, host: string | undefined): origin is string {
    return origin !== undefined && this.#allowed.has(origin) && !isOwn(origin, host);
  }
}

function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
