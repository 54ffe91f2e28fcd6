/** The page: routes and the frame around them. Data flows one way: connection -> stores -> views; views call verbs, never sockets. */
import './connection/no-eval.ts';
import './frame/theme.css';
import './frame/frame.css';
import './picker/picker.css';
import './monitor/monitor.css';
import { render } from 'preact';
import { startAccount } from './connection/account.ts';
import { Bar } from './frame/bar.tsx';
import { route, startRouter } from './frame/router.ts';
import { SignIn } from './frame/sign-in.tsx';
import { startTheme } from './frame/theme.ts';
import { TroublePage } from './frame/trouble.tsx';
import { useStore } from './frame/use-store.ts';
import { MonitorPage } from './monitor/monitor-page.tsx';
import { OrdersPage } from './orders/orders-page.tsx';
import { EventPage } from './picker/event-page.tsx';
import { EventsPage } from './picker/events-page.tsx';

/** Each arrival is a route of its own, so a link to the page one is on begins it anew. */
function Page() {
  const at = useStore(route);
  switch (at.page) {
    case 'events':
    case 'past':
      return <EventsPage key={at} past={at.page === 'past'} />;
    case 'event':
      return <EventPage key={at} event={at.event} />;
    case 'monitor':
      return <MonitorPage key={at} event={at.event} />;
    case 'orders':
      return <OrdersPage key={at} />;
    case 'missing':
      return (
        <TroublePage key={at} title="Nothing lives at this address">
          The link may be old, or mistyped.
        </TroublePage>
      );
  }
}

startTheme();
startRouter();
// Finds out early who is signed in, so that the bar does not change its mind.
startAccount();
render(
  <>
    <Bar />
    <Page />
    <SignIn />
  </>,
  document.getElementById('app')!,
);
