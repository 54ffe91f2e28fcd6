/**
 * Moving from page to page without a reload does what a reload would: the focus goes to the new page's heading, so that a reader
 * says where one is; a link leads to the page's top; and "back" leads to where one was.
 */

/** Where the focus was when the way here began; undefined when nobody is on the way. */
let left: Element | null | undefined;
/** Where the page is to be scrolled to, once it is long enough. */
let wanted: number | null = null;
let back = false;

/** Whether one came to this page by "back" or "forward". */
export const cameBack = (): boolean => back;

/** Browsers allow about three changes of the history a second. */
const REMEMBER_MS = 400;

/** Remembers in the history how far down the page one is, for the way back. */
export function remember(): void {
  if (wanted === null) history.replaceState({ ...history.state, scroll: Math.round(window.scrollY) }, '');
}

export function startArrivals(): void {
  history.scrollRestoration = 'manual';
  wanted = scrollOf(history.state);
  let timer: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener('scroll', () => {
    clearTimeout(timer);
    timer = setTimeout(remember, REMEMBER_MS);
  });
  window.addEventListener('pagehide', remember);
}

/** A link was followed. */
export function onTheWay(): void {
  setOut(false);
  wanted = null;
  window.scrollTo(0, 0);
}

/** Back or forward. */
export function onTheWayBack(state: unknown): void {
  setOut(true);
  wanted = scrollOf(state) ?? 0;
}

function setOut(backwards: boolean): void {
  back = backwards;
  left = document.activeElement;
  // Until the new page says what it is called.
  document.title = 'Seatwire';
}

/** The page shows its heading. Who went on meanwhile, to a field or a dialog, is left there. */
export function arrived(): void {
  if (left === undefined) return;
  const at = document.activeElement;
  const moved = at !== left && at !== document.body && at !== null;
  left = undefined;
  const heading = document.querySelector<HTMLElement>('main h1');
  if (heading === null || moved || document.querySelector('dialog[open]')) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** The page has its full height. */
export function settled(): void {
  if (wanted !== null) window.scrollTo(0, wanted);
  wanted = null;
}

function scrollOf(state: unknown): number | null {
  const scroll = (state as { scroll?: unknown } | null)?.scroll;
  return typeof scroll === 'number' ? scroll : null;
}
