/** What a page shows when it has nothing to show: what happened, and a way on. `alone`: it is the whole page, so its title is the page's. */
import type { ComponentChildren } from 'preact';

export function Trouble(props: {
  title: string;
  children: ComponentChildren;
  retry?: () => void;
  alone?: boolean;
}) {
  const Title = props.alone ? 'h1' : 'h2';
  return (
    <div class="empty" role="alert">
      <Title>{props.title}</Title>
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
