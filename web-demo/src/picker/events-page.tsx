import type { EventSummary } from '@seatwire/protocol';
import { api } from '../connection/api.ts';
import { formatDate, formatDay, formatMoney, formatMonth } from '../frame/format.ts';
import { usePageTitle } from '../frame/title.ts';
import { Trouble } from '../frame/trouble.tsx';
import { useAnswer } from '../frame/use-answer.ts';

export function EventsPage({ past }: { past: boolean }) {
  const { answer, retry } = useAnswer('events', api.events);
  usePageTitle(past ? 'Past events' : 'Events', answer !== null);
  return (
    <main class="page">
      <h1>Choose your exact seat.</h1>
      <p class="lead">Every map is live: what you see free is free, down to the single seat.</p>
      {answer === null ? (
        <div class="events" aria-busy="true">
          {[0, 1, 2].map((i) => (
            <div class="event-card" key={i}>
              <div class="skeleton" />
              <div class="skeleton" />
              <div class="skeleton" style={{ width: '80px' }} />
            </div>
          ))}
        </div>
      ) : !answer.ok ? (
        <Trouble title="The list of events could not be loaded" retry={retry}>
          {answer.message}
        </Trouble>
      ) : answer.body.events.length === 0 ? (
        <div class="empty">
          <h2>Nothing is on sale right now</h2>
          <p class="quiet">Events appear here as soon as an organizer publishes one.</p>
          <button type="button" class="button" onClick={retry}>
            Look again
          </button>
        </div>
      ) : (
        <ul class="events">
          {answer.body.events.map((event) => (
            <li key={event.id}>
              <EventCard event={event} />
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}

function EventCard({ event }: { event: EventSummary }) {
  const now = Date.now();
  const opens = Date.parse(event.saleOpensAt);
  const closed = now > Date.parse(event.saleClosesAt);
  return (
    <a class="event-card" href={`/event/${event.id}`} data-testid="event-card">
      <div class="event-date">
        <span class="day number">{formatDay(event.startsAt)}</span>
        <span class="month">{formatMonth(event.startsAt)}</span>
      </div>
      <div>
        <h2>{event.title}</h2>
        <p class="quiet">
          {event.venue}, {event.city}
        </p>
      </div>
      <div class="price">
        {closed ? (
          'Sale ended'
        ) : (
          <>
            from <span class="number">{formatMoney(event.minPrice, event.currency)}</span>
            <span class="small quiet">
              {now < opens ? ` on sale ${formatDate(event.saleOpensAt)}` : ' on sale now'}
            </span>
          </>
        )}
      </div>
    </a>
  );
}
