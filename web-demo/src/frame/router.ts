/** Addresses of the page, and moving between them without a reload. */
import { store } from '../connection/store.ts';

export type Route =
  | { readonly page: 'events' }
  | { readonly page: 'event'; readonly event: string }
  | { readonly page: 'monitor'; readonly event: string }
  | { readonly page: 'orders' }
  | { readonly page: 'missing' };

export function routeOf(path: string): Route {
  const [first, second, third] = path.split('/').filter(Boolean);
  if (first === undefined) return { page: 'events' };
  if (third !== undefined) return { page: 'missing' };
  if (first === 'orders' && second === undefined) return { page: 'orders' };
  if ((first === 'event' || first === 'monitor') && second) return { page: first, event: second };
  return { page: 'missing' };
}

export const route = store<Route>(routeOf(globalThis.location?.pathname ?? '/'));

export function go(path: string): void {
  history.pushState(null, '', path);
  route.set(routeOf(path));
  window.scrollTo(0, 0);
}

/** Makes same-origin links move without a reload, and back and forward work. */
export function startRouter(): void {
  window.addEventListener('popstate', () => route.set(routeOf(location.pathname)));
  document.addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a');
    if (
      !link ||
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey
    )
      return;
    if (link.target || link.origin !== location.origin || link.pathname.startsWith('/api')) return;
    event.preventDefault();
    go(link.pathname);
  });
}
