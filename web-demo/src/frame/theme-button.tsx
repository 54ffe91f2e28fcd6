import { currentTheme, nextTheme, type Theme } from './theme.ts';
import { useStore } from './use-store.ts';

/** Shows which theme is chosen, and goes on to the next. */
export function ThemeButton() {
  const theme = useStore(currentTheme);
  return (
    <button
      type="button"
      class="button plain compact icon"
      onClick={nextTheme}
      aria-label={`Colours: ${NAMES[theme]}`}
      title={`Colours: ${NAMES[theme]}`}
      data-testid="theme"
      data-theme-choice={theme}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        {theme === 'light' ? (
          <>
            <circle cx="12" cy="12" r="4" />
            <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4" />
          </>
        ) : theme === 'dark' ? (
          <path d="M20 14.5A8 8 0 1 1 9.5 4a6.5 6.5 0 0 0 10.5 10.5Z" />
        ) : (
          <>
            <circle cx="12" cy="12" r="8" />
            <path d="M12 4a8 8 0 0 1 0 16Z" fill="currentColor" />
          </>
        )}
      </svg>
    </button>
  );
}

const NAMES: Record<Theme, string> = { system: "the system's", light: 'light', dark: 'dark' };
