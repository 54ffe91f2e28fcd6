import { useStore } from '../frame/use-store.ts';
import { BestForm } from './best-form.tsx';
import { Legend } from './legend.tsx';
import type { PanelProps } from './panel-props.ts';
import { SaleWindowNote } from './sale-window.tsx';
import { Selection } from './selection.tsx';

/** Nothing is held: pick seats, or let them be found. */
export function Choosing({ event, layout, room, sale, dimmed, onDim }: PanelProps) {
  const { bought } = useStore(sale.state);
  return (
    <>
      <SaleWindowNote event={event} />
      <Selection event={event} layout={layout} sale={sale} />
      <BestForm event={event} layout={layout} room={room} sale={sale} />
      <Legend event={event} layout={layout} room={room} dimmed={dimmed} onDim={onDim} />
      {bought.length > 0 && (
        <p class="small quiet">
          You have {bought.length === 1 ? 'a ticket' : `${bought.length} tickets`} here already.{' '}
          <a href="/orders">My tickets</a>
        </p>
      )}
    </>
  );
}
