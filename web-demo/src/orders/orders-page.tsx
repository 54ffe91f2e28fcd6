import type { OrderBody } from '@seatwire/protocol';
import { accessToken, currentAccount } from '../connection/account.ts';
import { type Answer, api } from '../connection/api.ts';
import { formatDate, formatMoney } from '../frame/format.ts';
import { askToSignIn } from '../frame/sign-in.tsx';
import { usePageTitle } from '../frame/title.ts';
import { Trouble } from '../frame/trouble.tsx';
import { useAnswer } from '../frame/use-answer.ts';
import { useStore } from '../frame/use-store.ts';

const STATES: Record<OrderBody['status'], string> = {
  accepted: 'Being confirmed',
  confirmed: 'Confirmed',
  rejected: 'Not sold',
  cancelled: 'Cancelled',
};

export function OrdersPage() {
  const account = useStore(currentAccount);
  const { answer, retry } = useAnswer<{ orders: OrderBody[] }>(`orders ${account.kind}`, async () => {
    const token = await accessToken();
    return token
      ? api.orders(token)
      : ({ ok: true, body: { orders: [] } } satisfies Answer<{ orders: OrderBody[] }>);
  });
  usePageTitle('My tickets', answer !== null);
  const titles = useAnswer('events', api.events).answer;
  const title = (id: string) =>
    (titles?.ok && titles.body.events.find((event) => event.id === id)?.title) || 'An event';
  return (
    <main class="page">
      <h1>My tickets</h1>
      {account.kind === 'anonymous' ? (
        <div class="empty">
          <h2>Sign in to see your tickets</h2>
          <p class="quiet">They wait in your account, on any device.</p>
          <button type="button" class="button primary" onClick={() => askToSignIn()}>
            Sign in
          </button>
        </div>
      ) : answer === null ? (
        <div class="ticket-list" aria-busy="true">
          <div class="skeleton" style={{ height: '120px' }} />
        </div>
      ) : !answer.ok ? (
        <Trouble title="Your tickets could not be loaded" retry={retry}>
          {answer.message}
        </Trouble>
      ) : answer.body.orders.length === 0 ? (
        <div class="empty">
          <h2>No tickets yet</h2>
          <p class="quiet">When you buy a seat, its ticket appears here.</p>
          <a class="button primary" href="/">
            Find an event
          </a>
        </div>
      ) : (
        <ul class="ticket-list">
          {answer.body.orders.map((order) => (
            <li key={order.id} class="order-card">
              <header>
                <h2>
                  <a href={`/event/${order.event}`}>{title(order.event)}</a>
                </h2>
                <span class={`state ${order.status}`}>{STATES[order.status]}</span>
              </header>
              <p class="quiet small">
                Bought {formatDate(order.createdAt)} · {formatMoney(order.amount, order.currency)}
              </p>
              <ul>
                {order.tickets.map((ticket) => (
                  <li key={ticket.id} data-testid="ticket">
                    {ticket.label}{' '}
                    <span class="quiet number">{formatMoney(ticket.price, order.currency)}</span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}
