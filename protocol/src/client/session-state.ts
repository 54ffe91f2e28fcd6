/** The life of a client's session, as one total table. What each state does is the connection's business; where it goes is decided here. */

export const SESSION_STATES = ['idle', 'connecting', 'greeting', 'open', 'waiting', 'stopped'] as const;
/**
 * idle: not started. connecting: a token is being fetched or a socket opened. greeting: hello is sent. open: welcome has come.
 * waiting: the session is lost and a timer leads to the next. stopped: by `stop`, or by a close that says something must change first.
 */
export type SessionState = (typeof SESSION_STATES)[number];

export const SESSION_EVENTS = [
  'start',
  'socket-open',
  'welcome',
  'lost',
  'refused',
  'retry',
  'stop',
] as const;
/** lost: closed in a way that asks for another try. refused: closed in a way that does not. */
export type SessionEvent = (typeof SESSION_EVENTS)[number];

/** An event that makes no sense in a state leaves it as it is: a late echo of a socket or timer already given up. */
export const SESSION_TABLE: Readonly<Record<SessionState, Readonly<Record<SessionEvent, SessionState>>>> = {
  idle: {
    start: 'connecting',
    'socket-open': 'idle',
    welcome: 'idle',
    lost: 'idle',
    refused: 'idle',
    retry: 'idle',
    stop: 'stopped',
  },
  connecting: {
    start: 'connecting',
    'socket-open': 'greeting',
    welcome: 'connecting',
    lost: 'waiting',
    refused: 'stopped',
    retry: 'connecting',
    stop: 'stopped',
  },
  greeting: {
    start: 'greeting',
    'socket-open': 'greeting',
    welcome: 'open',
    lost: 'waiting',
    refused: 'stopped',
    retry: 'greeting',
    stop: 'stopped',
  },
  open: {
    start: 'open',
    'socket-open': 'open',
    welcome: 'open',
    lost: 'waiting',
    refused: 'stopped',
    retry: 'open',
    stop: 'stopped',
  },
  waiting: {
    start: 'connecting',
    'socket-open': 'waiting',
    welcome: 'waiting',
    lost: 'waiting',
    refused: 'waiting',
    retry: 'connecting',
    stop: 'stopped',
  },
  stopped: {
    start: 'connecting',
    'socket-open': 'stopped',
    welcome: 'stopped',
    lost: 'stopped',
    refused: 'stopped',
    retry: 'stopped',
    stop: 'stopped',
  },
};
