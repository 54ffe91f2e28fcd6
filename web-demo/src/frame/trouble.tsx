/** What a page shows when it has nothing to show: what happened, and a way on. */
import type { ComponentChildren } from 'preact';

export function Trouble(props: { title: string; children: ComponentChildren; retry?: () => void }) {
  return (
    <div class="empty" role="alert">
      <h2>{props.title}</h2>
      <p class="quiet">{props.children}</p>
      <div>
        {props.retry && (
          <button type="button" class="button primary" onClick={props.retry}>
            Try again
          </button>
        )}{' '}
        <a class="button" href="/">
          All events
        </a>
      </div>
    </div>
  );
}
