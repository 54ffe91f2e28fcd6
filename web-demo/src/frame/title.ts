/** What a page is called: in the tab, in the history, and to those who hear where they have arrived. */
import { useLayoutEffect } from 'preact/hooks';
import { arrived, settled } from './arrival.ts';

/**
 * Names the page "<text> · Seatwire". Call it in the component that shows the page's heading, once that is known: whoever came by a
 * link is then brought to the heading. `whole`: the page has its full height, so "back" can lead to where one was.
 */
export function usePageTitle(text: string, whole = true): void {
  useLayoutEffect(() => {
    document.title = `${text} · Seatwire`;
    arrived();
  }, [text]);
  useLayoutEffect(() => {
    if (whole) settled();
  }, [text, whole]);
}
