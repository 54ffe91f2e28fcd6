/** What is worth watching of the rooms. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface RoomsMetrics {
  readonly rooms: Gauge;
  readonly loads: Counter<'outcome'>;
  /** Transitions published; over `flushes` it is how well conflation works. */
  readonly transitions: Counter;
  readonly flushes: Counter;
  /** Rooms whose map was replaced under everybody: a snapshot was pushed to all. */
  readonly resyncs: Counter;
  /** gap, epoch, mismatch (a self-check found a wrong map and healed it), regression, unavailable. */
  readonly troubles: Counter<'kind'>;
  readonly proofs: Counter;
}

export function roomsMetrics(registry: Registry): RoomsMetrics {
  const registers = [registry];
  return {
    rooms: new Gauge({ name: 'seatwire_rooms', help: 'Rooms in memory.', registers }),
    loads: new Counter({
      name: 'seatwire_room_loads_total',
      help: 'Rooms loaded from the store.',
      labelNames: ['outcome'],
      registers,
    }),
    transitions: new Counter({
      name: 'seatwire_room_transitions_total',
      help: 'Transitions published to rooms.',
      registers,
    }),
    flushes: new Counter({
      name: 'seatwire_room_flushes_total',
      help: 'Frames they were joined in.',
      registers,
    }),
    resyncs: new Counter({
      name: 'seatwire_room_resyncs_total',
      help: 'Times a snapshot was pushed to a whole room.',
      registers,
    }),
    troubles: new Counter({
      name: 'seatwire_room_troubles_total',
      help: 'Times a replica was not, or could not be shown to be, equal to the store.',
      labelNames: ['kind'],
      registers,
    }),
    proofs: new Counter({
      name: 'seatwire_room_proofs_total',
      help: 'Whole maps compared with the store and found equal.',
      registers,
    }),
  };
}
