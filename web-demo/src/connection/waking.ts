/** Tells when somebody comes back to this page, or the network does. */

export interface WakingListener {
  /** The page is looked at again, or the network is back. */
  wake(): void;
  /** The browser says that there is no network. It may be wrong: it does not count what needs none. */
  offline?(): void;
  /** Whether anybody can see the page. */
  visible?(visible: boolean): void;
}

/** Several of these come together. */
const TOGETHER_MS = 250;

export function listenToWaking(on: WakingListener): void {
  let last = Number.NEGATIVE_INFINITY;
  const wake = () => {
    const now = performance.now();
    if (now - last < TOGETHER_MS) return;
    last = now;
    on.wake();
  };
  window.addEventListener('online', () => {
    // Comes right after `offline` when one network follows another; it is news all the same.
    last = Number.NEGATIVE_INFINITY;
    wake();
  });
  window.addEventListener('focus', wake);
  window.addEventListener('pageshow', wake);
  window.addEventListener('offline', () => on.offline?.());
  document.addEventListener('visibilitychange', () => {
    const visible = document.visibilityState === 'visible';
    on.visible?.(visible);
    if (visible) wake();
  });
  on.visible?.(document.visibilityState === 'visible');
}
