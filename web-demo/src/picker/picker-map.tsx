/** The map as a buyer uses it: clicks select, a refusal appears at its seat, what was selected or held is brought into view. */
import type { EventDetail, MapCode, Section } from '@seatwire/protocol';
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
import type { BuyerCode } from '../words/refusals.ts';
import { priceOf } from './prices.ts';
import { RefusalCallout } from './refusal-callout.tsx';
import { StandingForm } from './standing-form.tsx';

const STATE_WORDS = ['free', 'held', 'sold', 'not on sale'] as const;

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

  const { holds, purchases, bought } = state;
  const mine = useMemo(() => ownPlaces(sale.state.get()), [sale, holds, purchases, bought]);
  const marks = useMemo(
    () => ({ selected: new Set(state.selection), mine, dimmed }),
    [state.selection, mine, dimmed],
  );

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

  const describe = (place: number) => {
    const own = mine.has(place) ? 'yours' : STATE_WORDS[room.codeOf(place)];
    return `${placeLabel(layout.chart, place)}, ${formatMoney(priceOf(event, layout, place), event.currency)}, ${own}`;
  };

  const pick = (place: number) => {
    setStanding(null);
    const phase = phaseOf(state);
    if (mine.has(place)) return sale.refuse(bought.includes(place) ? 'yours_bought' : 'yours_held', place);
    if (phase !== 'choosing' && phase !== 'held') return;
    const code = room.codeOf(place);
    if (code !== 0) return sale.refuse(refusalOf(code, state), place);
    sale.toggle(place);
    const chosen = sale.state.get().selection.includes(place);
    setSpoken(`${placeLabel(layout.chart, place)} ${chosen ? 'selected' : 'taken out'}`);
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
      : standing && ['choosing', 'held'].includes(phaseOf(state))
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
          exposeMap(made, { sale, phase: () => phaseOf(sale.state.get()) });
        }}
      />
      <p class="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </>
  );
}

/** Why a place that is not free cannot be picked. Nobody else is blamed before it is known what is the buyer's own. */
function refusalOf(code: Exclude<MapCode, 0>, { known }: SaleState): BuyerCode {
  if (code === 3) return 'place_blocked';
  if (code === 2) return 'sold_already';
  return known ? 'held_by_other' : 'held_by_somebody';
}

/** Places of holds that this page made, or found again on arriving. */
function gained(before: SaleState, now: SaleState): number[] {
  const made = before.activity === 'hold' || before.activity === 'best';
  if (now.holds === before.holds || !(made || !before.known)) return [];
  const known = new Set(before.holds.map(({ hold }) => hold));
  return now.holds.filter(({ hold }) => !known.has(hold)).flatMap(({ places }) => places);
}
