/** Addresses of the page, and moving between them without a reload. */
import { store } from '../connection/store.ts';
import { onTheWay, onTheWayBack, remember, startArrivals } from './arrival.ts';

export type Route =
  | { readonly page: 'events' }
  | { readonly page: 'past' }
  | { readonly page: 'event'; readonly event: string }
  | { readonly page: 'monitor'; readonly event: string }
  | { readonly page: 'orders' }
  | { readonly page: 'missing' };

/** `query`: with its question mark, or empty. */
export function routeOf(path: string, query = ''): Route {
  const [first, second, third] = path.split('/').filter(Boolean);
  if (first === undefined) return { page: new URLSearchParams(query).has('past') ? 'past' : 'events' };
  if (third !== undefined) return { page: 'missing' };
  if (first === 'orders' && second === undefined) return { page: 'orders' };
  if ((first === 'event' || first === 'monitor') && second) return { page: first, event: second };
  return { page: 'missing' };
}

const here = (): Route => routeOf(globalThis.location?.pathname ?? '/', globalThis.location?.search);
export const route = store<Route>(here());

/** `address`: path and query. */
export function go(address: string): void {
  remember();
  history.pushState(null, '', address);
  onTheWay();
  route.set(here());
}

/** Makes same-origin links move without a reload, and back and forward work. */
export function startRouter(): void {
  startArrivals();
  window.addEventListener('popstate', (event) => {
    onTheWayBack(event.state);
    route.set(here());
  });
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
    go(link.pathname + link.search);
  });
}
