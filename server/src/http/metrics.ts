/** What this process tells Prometheus: Node's own figures, REST by route, and what the domain counts. Rooms and sockets add theirs. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface ServerMetrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  /** `outcome`: granted, or the code of the refusal. */
  readonly holds: Counter<'command' | 'outcome'>;
  readonly sales: Counter<'command' | 'outcome'>;
}

/** `process`: tells apart the processes that share a port, since a scrape meets one of them. */
export function serverMetrics(process: string): ServerMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'seatwire_http_request_seconds',
      help: 'From a REST request to its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    holds: new Counter({
      name: 'seatwire_holds_total',
      help: 'Hold, extend and release commands, by how they ended.',
      labelNames: ['command', 'outcome'],
      registers,
    }),
    sales: new Counter({
      name: 'seatwire_sales_total',
      help: 'Checkouts and payments, by how they ended.',
      labelNames: ['command', 'outcome'],
      registers,
    }),
  };
}
