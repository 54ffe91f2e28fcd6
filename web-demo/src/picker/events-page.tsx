/** What there is to see: from now on, soonest first, with ways to the rest and to what is over. */
import type { EventSummary } from '@seatwire/protocol';
import { api } from '../connection/api.ts';
import { ListEnd } from '../frame/list-end.tsx';
import { usePageTitle } from '../frame/title.ts';
import { Trouble } from '../frame/trouble.tsx';
import { useList } from '../frame/use-list.ts';
import { serverNow } from '../time/now.ts';
import { formatVenueDay, formatVenueMonth, formatVenueTime } from '../time/venue-time.ts';
import { formatMoney, formatSum } from '../words/format.ts';
import { pageTrouble } from '../words/pages.ts';
import { SaleOpens, useSaleWindow } from './sale-window.tsx';

export function EventsPage({ past }: { past: boolean }) {
  const list = useList<EventSummary>(past ? 'past events' : 'events', async (next) => {
    const answer = await api.events(past, next);
    return answer.ok ? { ok: true, body: { ...answer.body, items: answer.body.events } } : answer;
  });
  const { shown, failed } = list;
  usePageTitle(past ? 'Past events' : 'Events', shown !== null);
  return (
    <main class="page">
      <h1>{past ? 'Past events' : 'Choose your exact seat.'}</h1>
      <p class="lead">
        {past
          ? 'The latest first.'
          : 'Every map is live: what you see free is free, down to the single seat.'}
      </p>
      {shown === null ? (
        failed === null ? (
          <Waiting />
        ) : (
          <Trouble here title={pageTrouble('events', failed).title} retry={list.more}>
            {pageTrouble('events', failed).text}
          </Trouble>
        )
      ) : shown.items.length === 0 ? (
        <div class="empty">
          <h2>{past ? 'Nothing is over yet' : 'Nothing is planned right now'}</h2>
          <p class="quiet">
            {past
              ? 'Events are kept here once they are over.'
              : 'Events appear here as soon as an organizer publishes one.'}
          </p>
        </div>
      ) : (
        <>
          <ul class="events">
            {shown.items.map((event) => (
              <li key={event.id}>
                <EventCard event={event} />
              </li>
            ))}
          </ul>
          <ListEnd list={list} what={past ? 'past events' : 'events'} kind="events" />
        </>
      )}
      <p class="other-list">{past ? <a href="/">Events from now on</a> : <a href="/?past">Past events</a>}</p>
    </main>
  );
}

function Waiting() {
  return (
    <div class="events" aria-busy="true">
      {[0, 1, 2].map((i) => (
        <div class="event-card" key={i}>
          <div class="skeleton" />
          <div class="skeleton" />
          <div class="skeleton" style={{ width: '80px' }} />
        </div>
      ))}
    </div>
  );
}

function EventCard({ event }: { event: EventSummary }) {
  return (
    <a class="event-card" href={`/event/${event.id}`} data-testid="event-card">
      <div class="event-date" aria-hidden="true">
        <span class="day number">{formatVenueDay(event.startsAt, event)}</span>
        <span class="month">{formatVenueMonth(event.startsAt, event)}</span>
      </div>
      <div class="event-what">
        <h2>{event.title}</h2>
        <p data-testid="event-time">{formatVenueTime(event.startsAt, event, serverNow())}</p>
        <p class="quiet">
          {event.venue}, {event.city}
        </p>
      </div>
      <Offer event={event} />
    </a>
  );
}

function Offer({ event }: { event: EventSummary }) {
  const window = useSaleWindow(event);
  const { minPrice, maxPrice, currency } = event;
  return (
    <div class="price" data-testid="offer" data-window={window}>
      {window === 'ended' ? (
        'Sale ended'
      ) : (
        <>
          {minPrice < maxPrice ? 'from ' : ''}
          <span class="number">
            {/* "from Free" would be no English. */}
            {minPrice < maxPrice ? formatSum(minPrice, currency) : formatMoney(minPrice, currency)}
          </span>{' '}
          <span class="small quiet">{window === 'before' ? <SaleOpens event={event} /> : 'On sale now'}</span>
        </>
      )}
    </div>
  );
}
