/** Light or dark: the system's choice until the visitor makes one. */
const KEY = 'seatwire.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');

const current = (): 'light' | 'dark' => {
  const chosen = localStorage.getItem(KEY);
  return chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light';
};

function apply(): void {
  document.documentElement.dataset.theme = current();
  document.dispatchEvent(new Event('seatwire:theme'));
}

export function startTheme(): void {
  apply();
  dark.addEventListener('change', apply);
}

export function toggleTheme(): void {
  localStorage.setItem(KEY, current() === 'dark' ? 'light' : 'dark');
  apply();
}
