/**
 * Why a session ended. The range tells the client what to do without knowing the code:
 * 4000-4499 reconnect (jittered back-off), 4500-4999 do not (something must change first).
 */
export const CLOSES = {
  going_away: { code: 4000, message: 'The server is restarting. Reconnect.' },
  slow_consumer: { code: 4001, message: 'The client reads too slowly. Reconnect and resync.' },
  idle: { code: 4002, message: 'Nothing was heard for too long. Reconnect.' },
  overloaded: { code: 4003, message: 'Too many connections here. Reconnect later.' },
  internal: { code: 4004, message: 'A defect on our side. Reconnect.' },
  // Transient: a slow network or a phone that just woke, so it is in the range that reconnects.
  auth_timeout: { code: 4005, message: 'No hello arrived in time. Reconnect.' },
  bad_frame: { code: 4501, message: 'A frame could not be decoded, or broke a bound.' },
  bad_message: { code: 4502, message: 'A message is not of the protocol.' },
  unsupported_version: {
    code: 4503,
    message: 'This protocol version is not spoken here. Update the client.',
  },
  bad_token: { code: 4504, message: 'The access token is not valid. Sign in again.' },
  rate_abuse: { code: 4505, message: 'Far too many messages.' },
  logged_out: { code: 4506, message: 'The account was signed out.' },
} as const satisfies Record<string, { readonly code: number; readonly message: string }>;

export type CloseReason = keyof typeof CLOSES;

/** Whether a client should reconnect after this close code. Codes below 4000 come from the network or the WebSocket layer: reconnect. */
export function shouldReconnect(code: number): boolean {
  return code < 4500;
}
