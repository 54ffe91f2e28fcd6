/** What is worth watching of the sockets. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface GatewayMetrics {
  readonly sockets: Gauge<'transport'>;
  readonly refusedUpgrades: Counter<'why'>;
  /** `network`: the other side, or the line, ended it. */
  readonly closes: Counter<'reason'>;
  readonly messages: Counter<'type'>;
  readonly rejections: Counter<'code'>;
  /** Times a socket fell behind and was taken off its rooms' diffs. */
  readonly overruns: Counter;
  readonly commandSeconds: Histogram<'type'>;
}

export function gatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  return {
    sockets: new Gauge({
      name: 'seatwire_sockets',
      help: 'Open sockets.',
      labelNames: ['transport'],
      registers,
    }),
    refusedUpgrades: new Counter({
      name: 'seatwire_upgrades_refused_total',
      help: 'Upgrades refused before a session existed.',
      labelNames: ['why'],
      registers,
    }),
    closes: new Counter({
      name: 'seatwire_session_closes_total',
      help: 'Sessions ended, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    messages: new Counter({
      name: 'seatwire_messages_total',
      help: 'Messages from clients.',
      labelNames: ['type'],
      registers,
    }),
    rejections: new Counter({
      name: 'seatwire_rejections_total',
      help: 'Commands refused, by code.',
      labelNames: ['code'],
      registers,
    }),
    overruns: new Counter({
      name: 'seatwire_socket_overruns_total',
      help: 'Sockets that fell behind and were taken off their rooms until they drained.',
      registers,
    }),
    commandSeconds: new Histogram({
      name: 'seatwire_command_seconds',
      help: 'From a command to its answer.',
      labelNames: ['type'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
