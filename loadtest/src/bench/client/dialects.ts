import type { DialectName } from './crowd.ts';
import type { Dialect } from './dialect.ts';
import { echo, sink } from './echo.ts';
import { seatwire } from './seatwire.ts';
import { socketIo } from './socket-io.ts';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  seatwire,
  'socket.io': socketIo,
  echo,
  sink,
};
