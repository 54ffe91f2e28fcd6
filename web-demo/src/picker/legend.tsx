import type { EventDetail } from '@seatwire/protocol';
import type { LiveRoom } from '../connection/live.ts';
import { useStore } from '../frame/use-store.ts';
import type { Layout } from '../seat-map/layout.ts';
import { formatMoney } from '../words/format.ts';

/** Prices by colour. Clicking one shows only the categories left on. */
export function Legend(props: {
  event: EventDetail;
  layout: Layout;
  room: LiveRoom;
  /** Indices of the categories switched off. */
  dimmed: ReadonlySet<number>;
  onDim: (dimmed: ReadonlySet<number>) => void;
}) {
  const { event, layout, room, dimmed, onDim } = props;
  const map = useStore(room.view)?.map;
  const toggle = (index: number) => {
    const next = new Set(dimmed);
    if (!next.delete(index)) next.add(index);
    onDim(next);
  };
  return (
    <section class="stack legend">
      <h2>Prices</h2>
      <ul>
        {layout.chart.categories.map((category, index) => {
          const price = event.prices.find((p) => p.category === category.key);
          if (!price) return null;
          const shown = !dimmed.has(index);
          return (
            <li key={category.key}>
              <button type="button" aria-pressed={shown} onClick={() => toggle(index)}>
                <span class="swatch" style={{ background: shown ? category.color : 'var(--seat-taken)' }} />
                <span>{category.name}</span>
                <span class="number">{formatMoney(price.amount, event.currency)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <ul class="keys small quiet">
        <li>
          <span class="swatch ring" /> Held by others
        </li>
        <li>
          <span class="swatch dot-sold" /> Sold
        </li>
        <li>
          <span class="swatch mine" /> Yours
        </li>
        {map !== undefined && map.count(3) > 0 && (
          <li>
            <span class="swatch bar-blocked" /> Not on sale
          </li>
        )}
      </ul>
    </section>
  );
}
