/** What the gateway may be told. Times in ms, sizes in bytes. */
import type { Rate } from './token-bucket.ts';

export interface GatewayOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Several processes on one port (SO_REUSEPORT). Otherwise a taken port is an error. */
  readonly sharePort: boolean;
  /** Exact origins (`https://seats.example`); `self` is the host the request names. */
  readonly allowedOrigins: readonly string[];
  /** Whether clients that send no Origin (anything but a browser) may connect. */
  readonly allowNoOrigin: boolean;
  readonly maxSockets: number;
  /** From the upgrade to a verified hello. */
  readonly authMs: number;
  /** Silence between the server's pings. */
  readonly heartbeatMs: number;
  /** A session in no room that says nothing for this long is closed. */
  readonly idleMs: number;
  /** Most bytes waiting for one socket; beyond, room frames are dropped and the socket is resynced later. */
  readonly maxBackpressure: number;
  /** A socket that is behind for this long is closed. */
  readonly slowMs: number;
  /** Messages per second and at once, per socket. */
  readonly rate: Rate;
  /** Messages over the rate that end the session; as many a second as the rate allows are forgiven. */
  readonly abuse: number;
  /** Pending commands: per socket, and per user on this server. */
  readonly maxPending: number;
  readonly maxPendingPerUser: number;
  /** A command without an outcome by then is answered `unavailable`. */
  readonly commandMs: number;
  /** Clients told to go come back within this long, spread evenly. */
  readonly reconnectWithinMs: number;
}
