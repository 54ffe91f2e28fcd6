/** The end of a list: how much of it is shown, and the way to the rest. */
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../words/format.ts';
import { pageTrouble, type Shown } from '../words/pages.ts';
import type { List } from './use-list.ts';

/** `what`: "events". Stands right after the list, whose last items take the focus when there are no more to ask for. */
export function ListEnd<T>(props: { list: List<T>; what: string; kind: Shown }) {
  const { shown, failed, busy, more } = props.list;
  const end = useRef<HTMLDivElement>(null);
  const count = shown?.items.length ?? 0;
  const before = useRef(count);
  useEffect(() => {
    // The button goes with the last page: whoever pressed it goes on at the first of what it brought.
    const from = before.current;
    before.current = count;
    if (from === 0 || count === from || shown?.next !== null) return;
    if (document.activeElement !== document.body) return;
    const item = end.current?.previousElementSibling?.children[from];
    item?.querySelector<HTMLElement>('a')?.focus({ preventScroll: true });
  }, [count]);
  if (shown === null) return null;
  return (
    <div class="list-end" ref={end}>
      {failed && (
        <p class="note bad" role="alert">
          {pageTrouble(props.kind, failed).text}
        </p>
      )}
      <p class="quiet small" role="status" data-testid="list-count">
        {shown.next === null
          ? count > 1 && `All ${formatCount(count)} ${props.what}`
          : `${formatCount(count)} of ${formatCount(shown.total)} ${props.what}`}
      </p>
      {shown.next !== null && (
        // Not disabled while it asks: that would take the focus away.
        <button
          type="button"
          class="button"
          data-testid="more"
          aria-disabled={busy}
          aria-busy={busy}
          onClick={more}
        >
          {busy && <span class="spinner" />}
          More {props.what}
        </button>
      )}
    </div>
  );
}
