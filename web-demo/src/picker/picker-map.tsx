/** The map as a buyer uses it: clicks select, a refusal appears at its seat, what was selected or held is brought into view. */
import type { EventDetail, Section } from '@seatwire/protocol';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LiveRoom } from '../connection/live.ts';
import { formatMoney } from '../frame/format.ts';
import { useStore } from '../frame/use-store.ts';
import { exposeMap } from '../seat-map/debug.ts';
import { type Layout, placeLabel } from '../seat-map/layout.ts';
import type { MapStage } from '../seat-map/map-stage.ts';
import { SeatMap } from '../seat-map/seat-map.tsx';
import { priceOf } from './prices.ts';
import { RefusalCallout } from './refusal-callout.tsx';
import type { Sale } from './sale.ts';
import { StandingForm } from './standing-form.tsx';

const STATE_WORDS = ['free', 'held by somebody', 'sold', 'not on sale'] as const;

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
  const [spoken, setSpoken] = useState('');
  const [standing, setStanding] = useState<Section | null>(null);
  const ready = view !== null;

  const mine = useMemo(() => {
    const held = 'hold' in state.phase ? state.phase.hold.places : [];
    return new Set([...held, ...state.bought]);
  }, [state.phase, state.bought]);
  const marks = useMemo(
    () => ({ selected: new Set(state.selection), mine, dimmed }),
    [state.selection, mine, dimmed],
  );

  useEffect(() => {
    if (!ready) return;
    // The instant the first real states are on screen; measured from navigation by whoever wants to know.
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('seatwire:painted')));
  }, [ready]);

  // A hold from "best available" may be anywhere: show where.
  const heldKey = state.phase.kind === 'held' ? state.phase.hold.hold : null;
  useEffect(() => {
    const { phase } = sale.state.get();
    if (heldKey && phase.kind === 'held') stage.current?.showPlaces(phase.hold.places);
  }, [heldKey, sale]);

  const describe = (place: number) => {
    const own = mine.has(place) ? 'yours' : STATE_WORDS[room.codeOf(place)];
    return `${placeLabel(layout.chart, place)}, ${formatMoney(priceOf(event, layout, place), event.currency)}, ${own}`;
  };

  const pick = (place: number) => {
    setStanding(null);
    if (mine.has(place)) return;
    const code = room.codeOf(place);
    if (state.phase.kind !== 'choosing') {
      if (state.phase.kind === 'held' && code === 0) {
        const message = 'You hold places already. Pay for them, or give them back to choose others.';
        sale.refuse({ code: 'too_many_places', message, place });
      }
      return;
    }
    if (code === 0) {
      sale.toggle(place);
      const chosen = sale.state.get().selection.includes(place);
      setSpoken(`${placeLabel(layout.chart, place)} ${chosen ? 'selected' : 'taken out'}`);
    } else if (code === 3) {
      sale.refuse({ code: 'place_blocked', message: 'This place is not on sale. Pick another.', place });
    } else {
      const message =
        code === 1
          ? 'Somebody is holding this place. It comes back if they do not buy it.'
          : 'This place is sold. Pick another.';
      sale.refuse({ code: 'place_taken', message, place });
    }
  };

  const refused = state.refusal?.place ?? null;
  const callout =
    refused !== null && state.refusal
      ? {
          place: refused,
          content: (
            <RefusalCallout refusal={state.refusal} event={event} layout={layout} room={room} sale={sale} />
          ),
        }
      : standing && state.phase.kind === 'choosing'
        ? {
            place: standing.first,
            content: (
              <StandingForm
                section={standing}
                event={event}
                layout={layout}
                free={room.freeIn(standing)}
                sale={sale}
                onDone={() => setStanding(null)}
              />
            ),
          }
        : hover !== null
          ? { place: hover, content: <p class="hover">{describe(hover)}</p> }
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
          if (by === 'keyboard' && place !== null) setSpoken(describe(place));
        }}
        onNothing={() => {
          sale.dismiss();
          setStanding(null);
          setHover(null);
        }}
        onStage={(made) => {
          stage.current = made;
          exposeMap(made, { sale });
        }}
      />
      <p class="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </>
  );
}
