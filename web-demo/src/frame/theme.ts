/** Light or dark: the system's choice until the visitor makes one, and again whenever the visitor gives it back. */
import { type Readable, store } from '../connection/store.ts';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'seatwire.theme';
const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

const chosen = store<Theme>('system');
export const currentTheme: Readable<Theme> = chosen;

function read(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

const systems = (): 'light' | 'dark' => (dark?.matches ? 'dark' : 'light');

function apply(): void {
  const theme = chosen.get();
  document.documentElement.dataset.theme = theme === 'system' ? systems() : theme;
  document.dispatchEvent(new Event('seatwire:theme'));
}

export function startTheme(): void {
  chosen.set(read());
  apply();
  dark?.addEventListener('change', apply);
  // Chosen in another tab.
  window.addEventListener('storage', ({ key }) => {
    if (key !== KEY && key !== null) return;
    chosen.set(read());
    apply();
  });
}

/** What the button does next. From the system's choice first to the other one, so that the first press shows. */
export function themeAfter(theme: Theme, system: 'light' | 'dark'): Theme {
  const other = system === 'dark' ? 'light' : 'dark';
  if (theme === 'system') return other;
  return theme === other ? system : 'system';
}

export function nextTheme(): void {
  const next = themeAfter(chosen.get(), systems());
  if (next === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  chosen.set(next);
  apply();
}
