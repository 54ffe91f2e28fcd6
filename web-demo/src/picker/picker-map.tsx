/** The map as a buyer uses it: clicks select, a refusal appears at its seat, what was selected or held is brought into view. */
import type { EventDetail, Section } from '@seatwire/protocol';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LiveRoom } from '../connection/live.ts';
import { useStore } from '../frame/use-store.ts';
import type { Sale } from '../sale/sale.ts';
import { ownPlaces, phaseOf, type SaleState } from '../sale/sale-state.ts';
import { exposeMap } from '../seat-map/debug.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import type { MapStage } from '../seat-map/map-stage.ts';
import { SeatMap } from '../seat-map/seat-map.tsx';
import { formatMoney } from '../words/format.ts';
import { priceOf } from './prices.ts';
import { RefusalCallout } from './refusal-callout.tsx';
import { takenCode } from './said-at-seat.ts';
import { describeSeat, type SeatNow, type Spoken, spokenText } from './spoken.ts';
import { StandingForm } from './standing-form.tsx';
import { useAlive } from './use-alive.ts';
import { useMap } from './use-map.ts';

export function PickerMap(props: {
  event: EventDetail;
  layout: Layout;
  room: LiveRoom;
  sale: Sale;
  dimmed: ReadonlySet<number>;
}) {
  const { event, layout, room, sale, dimmed } = props;
  const state = useStore(sale.state);
  const view = useStore(room.view);
  const stage = useRef<MapStage | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const [spoken, setSpoken] = useState<Spoken | null>(null);
  const [standing, setStanding] = useState<Section | null>(null);
  const ready = view !== null;

  const { holds, purchases, bought, selection } = state;
  const alive = useAlive(holds);
  const mine = useMemo(() => ownPlaces({ holds: alive, purchases, bought }), [alive, purchases, bought]);
  const open = ['choosing', 'held'].includes(phaseOf(state));
  // What was picked beside what is bought is not bought: it is marked again when it can be held.
  const marks = useMemo(
    () => ({ selected: new Set(open ? selection : []), mine, dimmed }),
    [selection, open, mine, dimmed],
  );
  const now: SeatNow = {
    label: (place) => placeLabel(layout.chart, place),
    price: (place) => formatMoney(priceOf(event, layout, place), event.currency),
    codeOf: room.codeOf,
    selected: (place) => marks.selected.has(place),
    own: (place) => mine.has(place),
  };

  useEffect(() => {
    if (!ready) return;
    // The instant the first real states are on screen; measured from navigation by whoever wants to know.
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('seatwire:painted')));
  }, [ready]);

  // What was held just now, or is found again, may be anywhere: show where. A hold of another window does not move this map.
  useEffect(() => {
    let before = sale.state.get();
    return sale.state.watch((now) => {
      const found = gained(before, now);
      before = now;
      if (found.length > 0) stage.current?.showPlaces(found);
    });
  }, [sale]);

  const pick = (place: number) => {
    setStanding(null);
    if (mine.has(place)) return sale.refuse(bought.includes(place) ? 'yours_bought' : 'yours_held', place);
    if (!open) return;
    const code = room.codeOf(place);
    // Of a hold whose time is up, and whose end has not been heard of, nobody else is to blame.
    const blameless = holds.some(({ places }) => places.includes(place));
    if (code !== 0) return sale.refuse(takenCode(code, state.known && !blameless), place);
    sale.toggle(place);
    const chosen = sale.state.get().selection.includes(place);
    setSpoken({ place, did: chosen ? 'selected' : 'taken out' });
  };

  const refused = state.refusal?.at === 'map' ? state.refusal.place : null;
  useEffect(() => {
    if (refused !== null) stage.current?.reveal(refused);
  }, [refused]);
  const callout =
    refused !== null && state.refusal
      ? {
          place: refused,
          content: <RefusalCallout refusal={state.refusal} layout={layout} room={room} sale={sale} />,
        }
      : standing && open
        ? {
            place: standing.first,
            content: (
              <StandingForm
                section={standing}
                event={event}
                layout={layout}
                room={room}
                sale={sale}
                onDone={() => setStanding(null)}
              />
            ),
          }
        : hover !== null
          ? { place: hover, content: <HoverNote room={room} place={hover} now={now} /> }
          : null;

  return (
    <>
      <SeatMap
        layout={layout}
        live={room}
        marks={marks}
        palette="picker"
        label={`Live seat map of ${event.title}. Arrow keys move between seats, Enter selects, plus and minus zoom.`}
        callout={callout}
        onPlace={pick}
        onArea={(section) => {
          sale.dismiss();
          setStanding(section);
        }}
        onHover={(place, by) => {
          setHover(place);
          if (by === 'keyboard' && place !== null) setSpoken({ place, did: 'looked at' });
        }}
        onNothing={() => {
          sale.dismiss();
          setStanding(null);
          setHover(null);
        }}
        onStage={(made) => {
          stage.current = made;
          exposeMap(made, { sale, phase: () => phaseOf(sale.state.get()) });
        }}
      />
      <SpokenLine room={room} spoken={spoken} now={now} />
    </>
  );
}

function HoverNote({ room, place, now }: { room: LiveRoom; place: number; now: SeatNow }) {
  useMap(room);
  return <p class="hover">{describeSeat(place, now)}</p>;
}

function SpokenLine({ room, spoken, now }: { room: LiveRoom; spoken: Spoken | null; now: SeatNow }) {
  useMap(room);
  return (
    <p class="visually-hidden" aria-live="polite" data-testid="spoken">
      {spokenText(spoken, now)}
    </p>
  );
}

/** Places of holds that this page made, or found again on arriving. */
function gained(before: SaleState, now: SaleState): number[] {
  const made = before.activity === 'hold' || before.activity === 'best';
  if (now.holds === before.holds || !(made || !before.known)) return [];
  const known = new Set(before.holds.map(({ hold }) => hold));
  return now.holds.filter(({ hold }) => !known.has(hold)).flatMap(({ places }) => places);
}
