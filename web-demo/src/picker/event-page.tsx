/** The seat picker: the map fills the page, the panel beside it (below it, on a phone) says what to do next. */
import type { Chart, EventDetail } from '@seatwire/protocol';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { currentAccount, signedOutHere } from '../connection/account.ts';
import { client, currentLine, type LiveRoom, openRoom } from '../connection/live.ts';
import { sessionUser } from '../connection/session-user.ts';
import { TroublePage } from '../frame/trouble.tsx';
import { type SaleEvent, useSaleEvent } from '../frame/use-sale-event.ts';
import { useStore } from '../frame/use-store.ts';
import { paymentMemory } from '../sale/open-payments.ts';
import { Sale } from '../sale/sale.ts';
import { PAGE_TIME } from '../sale/sale-client.ts';
import { selectionMemory } from '../sale/selection-memory.ts';
import { layOut } from '../seat-map/layout.ts';
import { serverNow } from '../time/now.ts';
import { formatVenueTime } from '../time/venue-time.ts';
import { pageTrouble } from '../words/pages.ts';
import { buyerText } from '../words/refusals.ts';
import { followBuyer, followServer, tellPage } from './follow-buyer.ts';
import { PageTitle } from './page-title.tsx';
import { Panel } from './panel.tsx';
import { PickerMap } from './picker-map.tsx';

export function EventPage(props: { event: string }) {
  const { answer, retry } = useSaleEvent(props.event);
  if (answer === null) {
    return (
      <main class="picker" aria-busy="true">
        <div class="map skeleton" />
        <aside class="panel">
          <div class="skeleton" style={{ height: '32px' }} />
          <div class="skeleton" style={{ height: '160px' }} />
        </aside>
      </main>
    );
  }
  if (!answer.ok) {
    const trouble = pageTrouble('event', answer.code);
    return (
      <TroublePage title={trouble.title} retry={trouble.again ? retry : undefined}>
        {trouble.text}
      </TroublePage>
    );
  }
  return <Picker {...answer.body} />;
}

function Picker({ event, chart }: SaleEvent) {
  const room = useMemo(() => openRoom(event.id), [event.id]);
  const sale = useMemo(() => openSale(event, chart, room), [event, chart, room]);
  const layout = useMemo(() => layOut(chart), [chart]);
  const [dimmed, setDimmed] = useState<ReadonlySet<number>>(new Set());
  const line = useStore(currentLine);
  // Whoever reads this is one of them, counted or not yet.
  const people = Math.max(1, useStore(room.viewers));
  const problem = useStore(room.problem);

  useEffect(() => {
    const off = [
      tellPage(sale, event.id),
      followServer(sale, client(), room),
      followBuyer(sale, { account: currentAccount, sessionUser, signedOutHere }),
    ];
    return () => {
      for (const stop of off) stop();
      sale.stop();
      room.leave();
    };
  }, [room, sale, event]);

  return (
    <main class="picker">
      <div class="map-side">
        {line === 'lost' && (
          <p class="line-lost" role="status">
            <span class="spinner" /> Reconnecting. The map shows how it was a moment ago.
          </p>
        )}
        {line === 'refused' && (
          <p class="line-lost" role="alert">
            This page is out of date.{' '}
            <button type="button" class="button compact" onClick={() => location.reload()}>
              Reload
            </button>
          </p>
        )}
        {problem && (
          <p class="line-lost" role="alert">
            {buyerText(problem)}
          </p>
        )}
        <PickerMap event={event} layout={layout} room={room} sale={sale} dimmed={dimmed} />
      </div>
      <aside class="panel" aria-label="Your seats">
        <PageTitle event={event} sale={sale} />
        <header class="panel-head">
          <h1>{event.title}</h1>
          <p class="small" data-testid="event-time">
            {formatVenueTime(event.startsAt, event, serverNow())}
          </p>
          <p class="quiet small">
            {event.venue}, {event.city}
          </p>
          <p class="quiet small viewers" data-testid="map-status" data-line={line}>
            <span class={`dot ${line}`} />
            {line === 'live' ? (
              <span>
                Live · <span class="number">{people}</span> {people === 1 ? 'person' : 'people'} looking
              </span>
            ) : (
              // Who else is looking nobody can tell now.
              <span>Not connected</span>
            )}
          </p>
        </header>
        <Panel event={event} layout={layout} room={room} sale={sale} dimmed={dimmed} onDim={setDimmed} />
      </aside>
    </main>
  );
}

function openSale(event: EventDetail, chart: Chart, room: LiveRoom): Sale {
  const { id, maxPerHold, holdMs } = event;
  const memory = selectionMemory(() => sessionStorage, id, { places: chart.places, most: maxPerHold });
  const payments = paymentMemory(() => sessionStorage, id);
  const isFree = (place: number) => room.codeOf(place) === 0;
  return new Sale({
    event: id,
    maxPerHold,
    holdMs,
    client: client(),
    isFree,
    time: PAGE_TIME,
    memory,
    payments,
  });
}
