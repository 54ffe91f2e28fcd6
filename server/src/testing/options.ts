/** The options of a server that is told nothing, and what a test changes of them. */
import { readConfig } from '../config.ts';
import * as process from '../process-options.ts';

type GatewayOptions = ReturnType<typeof process.gatewayOptions>;
type RoomsOptions = ReturnType<typeof process.roomsOptions>;

const config = readConfig([], { HOST: '127.0.0.1', PORT: '0' });

export const gatewayOptions = (changed: Partial<GatewayOptions> = {}): GatewayOptions => ({
  ...process.gatewayOptions(config),
  ...changed,
});
export const roomsOptions = (changed: Partial<RoomsOptions> = {}): RoomsOptions => ({
  ...process.roomsOptions(config),
  ...changed,
});
