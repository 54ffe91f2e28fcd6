/** What every step of the panel shows. */
import type { EventDetail } from '@seatwire/protocol';
import type { LiveRoom } from '../connection/live.ts';
import type { Sale } from '../sale/sale.ts';
import type { Layout } from '../seat-map/layout.ts';

export interface PanelProps {
  readonly event: EventDetail;
  readonly layout: Layout;
  readonly room: LiveRoom;
  readonly sale: Sale;
  readonly dimmed: ReadonlySet<number>;
  readonly onDim: (dimmed: ReadonlySet<number>) => void;
}
