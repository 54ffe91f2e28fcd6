/** A buyer's tickets: what they are for, when and where, and how each order stands. */
import type { OrderBody } from '@seatwire/protocol';
import { accessToken, currentAccount } from '../connection/account.ts';
import { api } from '../connection/api.ts';
import { ListEnd } from '../frame/list-end.tsx';
import { askToSignIn } from '../frame/sign-in.tsx';
import { usePageTitle } from '../frame/title.ts';
import { Trouble } from '../frame/trouble.tsx';
import { useList } from '../frame/use-list.ts';
import { useStore } from '../frame/use-store.ts';
import { serverNow } from '../time/now.ts';
import { formatMoment, formatVenueTime } from '../time/venue-time.ts';
import { formatMoney } from '../words/format.ts';
import { pageTrouble } from '../words/pages.ts';

const STATES: Record<OrderBody['status'], string> = {
  accepted: 'Being confirmed',
  confirmed: 'Confirmed',
  rejected: 'Not sold, nothing charged',
  cancelled: 'Cancelled',
};

export function OrdersPage() {
  const account = useStore(currentAccount);
  return (
    <main class="page">
      <h1>My tickets</h1>
      {account.kind === 'signed-in' ? (
        <Orders key={account.user.id} owner={account.user.id} />
      ) : account.kind === 'anonymous' ? (
        <SignInFirst />
      ) : (
        <Waiting />
      )}
    </main>
  );
}

function Orders({ owner }: { owner: string }) {
  const list = useList<OrderBody>(`orders of ${owner}`, async (next) => {
    const token = await accessToken();
    if (token === null) return { ok: false, code: 'unauthenticated', message: '' };
    const answer = await api.orders(token, next);
    return answer.ok ? { ok: true, body: { ...answer.body, items: answer.body.orders } } : answer;
  });
  const { shown, failed } = list;
  usePageTitle('My tickets', shown !== null);
  if (shown === null) {
    if (failed === null) return <Waiting />;
    const { title, text } = pageTrouble('orders', failed);
    return (
      <Trouble title={title} retry={list.more}>
        {text}
      </Trouble>
    );
  }
  if (shown.items.length === 0) {
    return (
      <div class="empty">
        <h2>No tickets yet</h2>
        <p class="quiet">When you buy a seat, its ticket appears here.</p>
        <a class="button primary" href="/">
          Find an event
        </a>
      </div>
    );
  }
  return (
    <>
      <ul class="ticket-list">
        {shown.items.map((order) => (
          <li key={order.id}>
            <Order order={order} />
          </li>
        ))}
      </ul>
      <ListEnd list={list} what="orders" kind="orders" />
    </>
  );
}

function Order({ order }: { order: OrderBody }) {
  const now = serverNow();
  return (
    <article class="order-card" data-testid="order">
      <header>
        <h2>
          <a href={`/event/${order.event}`}>{order.title}</a>
        </h2>
        <span class={`state ${order.status}`}>{STATES[order.status]}</span>
      </header>
      <p data-testid="event-time">{formatVenueTime(order.startsAt, order, now)}</p>
      <p>
        {order.venue}, {order.city}
      </p>
      <ul>
        {order.tickets.map((ticket) => (
          <li key={ticket.id} data-testid="ticket">
            <span>{ticket.label}</span>
            <span class="quiet number">{formatMoney(ticket.price, order.currency)}</span>
          </li>
        ))}
      </ul>
      <p class="quiet small">
        Bought {formatMoment(order.createdAt, now, order)} · {formatMoney(order.amount, order.currency)}
      </p>
    </article>
  );
}

function SignInFirst() {
  usePageTitle('My tickets');
  return (
    <div class="empty">
      <h2>Sign in to see your tickets</h2>
      <p class="quiet">They wait in your account, on any device.</p>
      <button type="button" class="button primary" onClick={() => askToSignIn()}>
        Sign in
      </button>
    </div>
  );
}

function Waiting() {
  usePageTitle('My tickets', false);
  return (
    <div class="ticket-list" aria-busy="true">
      <div class="skeleton" style={{ height: '120px' }} />
    </div>
  );
}
