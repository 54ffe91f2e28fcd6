/** The organizer's monitor: the sale in numbers and on the map, live over the socket, made to stand on a wall. */
import type { DownOf, RejectCode } from '@seatwire/protocol';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { currentAccount } from '../connection/account.ts';
import { client, currentLine, openRoom } from '../connection/live.ts';
import { sessionUser } from '../connection/session-user.ts';
import { askToSignIn } from '../frame/sign-in.tsx';
import { usePageTitle } from '../frame/title.ts';
import { TroublePage } from '../frame/trouble.tsx';
import { type SaleEvent, useSaleEvent } from '../frame/use-sale-event.ts';
import { useStore } from '../frame/use-store.ts';
import { exposeMap } from '../seat-map/debug.ts';
import { layOut } from '../seat-map/layout.ts';
import { SeatMap } from '../seat-map/seat-map.tsx';
import { serverNow } from '../time/now.ts';
import { formatVenueTime } from '../time/venue-time.ts';
import { formatCount, formatSum } from '../words/format.ts';
import { pageTrouble } from '../words/pages.ts';
import { Sections } from './sections.tsx';
import { push, sparkPath } from './series.ts';

type Stats = DownOf<'stats'>;

const NO_MARKS = { selected: new Set<number>(), mine: new Set<number>(), dimmed: new Set<number>() };

export function MonitorPage(props: { event: string }) {
  const account = useStore(currentAccount);
  const { answer, retry } = useSaleEvent(props.event);
  if (answer && !answer.ok) {
    return <MonitorTrouble code={answer.code} retry={retry} />;
  }
  if (account.kind === 'anonymous') return <SignInFirst />;
  if (answer === null || account.kind === 'unknown') return <main class="monitor" aria-busy="true" />;
  return <Monitor key={account.user.id} {...answer.body} />;
}

function SignInFirst() {
  usePageTitle('Monitor');
  return (
    <main class="page">
      <h1>Monitor</h1>
      <div class="empty">
        <h2>For the organizer's eyes</h2>
        <p class="quiet">Sign in with the organizer's account to watch this sale.</p>
        <button type="button" class="button primary" onClick={() => askToSignIn('Sign in as the organizer.')}>
          Sign in
        </button>
      </div>
    </main>
  );
}

function MonitorTrouble({ code, retry }: { code: RejectCode | 'offline'; retry: () => void }) {
  const { title, text, again } = pageTrouble('monitor', code);
  return (
    <TroublePage title={title} retry={again ? retry : undefined}>
      {text}
    </TroublePage>
  );
}

function Monitor({ event, chart }: SaleEvent) {
  const room = useMemo(() => openRoom(event.id), [event.id]);
  const layout = useMemo(() => layOut(chart), [chart]);
  const line = useStore(currentLine);
  const [stats, setStats] = useState<Stats | null>(null);
  const [holds, setHolds] = useState<readonly number[]>([]);
  const [sales, setSales] = useState<readonly number[]>([]);
  const [refused, setRefused] = useState<RejectCode | null>(null);
  const [attempt, setAttempt] = useState(0);
  usePageTitle(refused ? pageTrouble('monitor', refused).title : `Monitor: ${event.title}`);

  useEffect(
    () =>
      client().on('stats', (now) => {
        if (now.event !== event.id) return;
        setStats(now);
        setHolds((series) => push(series, now.holdsPerSecond));
        setSales((series) => push(series, now.salesPerSecond));
      }),
    [event.id],
  );
  useEffect(() => () => room.leave(), [room]);

  // Asked by the organizer's session, not by one that is about to be theirs.
  const asOrganizer = useStore(sessionUser) !== null;
  useEffect(() => {
    if (!asOrganizer) return;
    let wanted = true;
    client()
      .watch(event.id)
      .then((reply) => {
        if (!wanted) return;
        // No answer is no refusal: the next session asks again.
        const no = !reply.ok && !reply.retryable && reply.code !== 'unauthenticated';
        setRefused(no ? reply.code : null);
      });
    return () => {
      wanted = false;
      client().unwatch(event.id);
    };
  }, [event.id, asOrganizer, attempt]);

  if (refused) return <MonitorTrouble code={refused} retry={() => setAttempt((n) => n + 1)} />;
  const places = chart.places;
  const share = (n: number) => `${((100 * n) / places).toFixed(1)} %`;
  return (
    <main class="monitor">
      <header class="monitor-head">
        <div>
          <h1>{event.title}</h1>
          <p class="quiet">
            {event.venue}, {event.city} · {formatVenueTime(event.startsAt, event, serverNow())}
          </p>
        </div>
        <p class="viewers" data-testid="map-status" data-line={line}>
          <span class={`dot ${line}`} />
          {line === 'live' ? 'Live' : line === 'lost' ? 'Reconnecting' : 'Connecting'}
        </p>
      </header>
      <section class="figures" aria-label="Figures">
        <Figure name="Sold" id="sold" value={stats?.sold} note={stats ? share(stats.sold) : ''} tone="sold" />
        <Figure name="Held" id="held" value={stats?.held} note={stats ? share(stats.held) : ''} tone="held" />
        <Figure
          name="Free"
          id="free"
          value={stats?.free}
          note={stats ? `${formatCount(stats.blocked)} blocked` : ''}
          tone="free"
        />
        <Figure name="Looking" id="viewers" value={stats?.viewers} note="people now" />
        <div class="figure">
          <p class="name">Revenue</p>
          <p class="value number" data-testid="monitor-revenue">
            {stats ? formatSum(stats.revenue, stats.currency) : '–'}
          </p>
          <p class="quiet small">confirmed</p>
        </div>
      </section>
      <section class="bar-share" aria-hidden="true">
        <span class="sold" style={{ flexGrow: stats?.sold ?? 0 }} />
        <span class="held" style={{ flexGrow: stats?.held ?? 0 }} />
        <span class="free" style={{ flexGrow: stats?.free ?? 1 }} />
        <span class="blocked" style={{ flexGrow: stats?.blocked ?? 0 }} />
      </section>
      <section class="monitor-map" aria-label="Map">
        <SeatMap
          layout={layout}
          live={room}
          marks={NO_MARKS}
          palette="monitor"
          label={`Map of ${event.title} for the organizer`}
          onStage={exposeMap}
        />
        <ul class="monitor-keys small">
          <li class="free">Free</li>
          <li class="held">Held</li>
          <li class="sold">Sold</li>
          <li class="blocked">Blocked</li>
        </ul>
      </section>
      <aside class="monitor-side">
        <Rate name="Holds" unit="per second" series={holds} tone="held" id="holds" />
        <Rate name="Sales" unit="per second" series={sales} tone="sold" id="sales" />
        <Sections chart={chart} room={room} />
      </aside>
    </main>
  );
}

function Figure(props: { name: string; id: string; value: number | undefined; note: string; tone?: string }) {
  return (
    <div class={`figure ${props.tone ?? ''}`}>
      <p class="name">{props.name}</p>
      <p class="value number" data-testid={`monitor-${props.id}`} data-value={props.value}>
        {props.value === undefined ? '–' : formatCount(props.value)}
      </p>
      <p class="quiet small number">{props.note}</p>
    </div>
  );
}

function Rate(props: { name: string; unit: string; series: readonly number[]; tone: string; id: string }) {
  const now = props.series.at(-1);
  const path = sparkPath(props.series, 320, 64);
  return (
    <section class={`rate ${props.tone}`}>
      <header>
        <h2>
          {props.name} <span class="quiet small">{props.unit}, last 3 minutes</span>
        </h2>
        <p class="number" data-testid={`monitor-${props.id}`}>
          {now === undefined ? '–' : now.toFixed(now < 10 ? 1 : 0)}
        </p>
      </header>
      <svg
        viewBox="0 0 320 64"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${props.name} ${props.unit}`}
      >
        {path && (
          <path class="area" d={`${path}L320 64L${320 - (props.series.length - 1) * (320 / 179)} 64Z`} />
        )}
        <path class="line" d={path} vector-effect="non-scaling-stroke" />
      </svg>
    </section>
  );
}
