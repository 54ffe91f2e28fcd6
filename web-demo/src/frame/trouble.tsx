/** What a page shows when it has nothing to show: what happened, and a way on. */
import type { ComponentChildren } from 'preact';
import { usePageTitle } from './title.ts';

interface TroubleProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Only where trying again may help. */
  readonly retry?: (() => void) | undefined;
}

/** In the place of a part of a page. `here`: that page is the list of events, so there is no way back to it. */
export function Trouble({ here = false, ...props }: TroubleProps & { readonly here?: boolean }) {
  return (
    <div class="empty" role="alert">
      <h2>{props.title}</h2>
      <WayOn {...props} here={here} />
    </div>
  );
}

/** In the place of a whole page: its title is the page's. */
export function TroublePage(props: TroubleProps) {
  usePageTitle(props.title);
  return (
    <main class="page">
      <div class="empty" role="alert">
        <h1>{props.title}</h1>
        <WayOn {...props} />
      </div>
    </main>
  );
}

function WayOn({ children, retry, here }: TroubleProps & { readonly here?: boolean }) {
  return (
    <>
      <p class="quiet">{children}</p>
      <div class="row">
        {retry && (
          <button type="button" class="button primary" onClick={retry}>
            Try again
          </button>
        )}
        {!here && (
          <a class={retry ? 'button' : 'button primary'} href="/">
            Back to all events
          </a>
        )}
      </div>
    </>
  );
}
