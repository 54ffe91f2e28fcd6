/**
 * Which pages may open a socket. A browser always sends Origin with a WebSocket handshake and no page can forge it, so this is what
 * keeps another site from acting with a visitor's session. Other programs send none and can forge any: for them the token is the guard.
 */
export type OriginPolicy = (origin: string, host: string) => boolean;

/** `self`: the page came from the host the request names. */
export function originPolicy(allowed: readonly string[], allowNone: boolean): OriginPolicy {
  const exact = new Set(allowed.filter((origin) => origin !== 'self').map((origin) => origin.toLowerCase()));
  const self = allowed.includes('self');
  return (origin, host) => {
    if (origin === '') return allowNone;
    const wanted = origin.toLowerCase();
    if (exact.has(wanted)) return true;
    return (
      self &&
      host !== '' &&
      (wanted === `http://${host.toLowerCase()}` || wanted === `https://${host.toLowerCase()}`)
    );
  };
}
