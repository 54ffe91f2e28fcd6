/**
 * Two sessions of the example evening, told step by step in PROTOCOL.md. Each message is a vector by its name. A test plays both against
 * a real server and hears the same messages in answer, so the telling cannot become untrue.
 */
import type { Down } from '../messages/down.ts';
import type { Up } from '../messages/up.ts';
import { DOWN_EXAMPLES, UP_EXAMPLES } from './example-messages.ts';

/** `bytes`: shown field by field, in hex. */
export type Step = { readonly says: string; readonly bytes?: true } & (
  | { readonly client: keyof typeof UP_EXAMPLES }
  | { readonly server: keyof typeof DOWN_EXAMPLES }
  /** Nothing on this line: what happens elsewhere. */
  | { readonly meanwhile: 'a buyer holds' | 'the line breaks and a buyer pays' }
);

export const WATCHER_SESSION: readonly Step[] = [
  {
    client: 'hello, anonymous',
    bytes: true,
    says: 'The line is open, with the subprotocol agreed. The first frame names the version; without a token nobody is signed in.',
  },
  {
    server: 'welcome, anonymous',
    says: 'The session is open. Its clock is the one that countdowns run by, and a line silent for two heartbeats is dead.',
  },
  {
    client: 'join, with no map',
    bytes: true,
    says: 'Into the room of one event. There is no map to continue from, so epoch and version are nil.',
  },
  {
    server: 'snapshot',
    bytes: true,
    says: 'The whole map at version 41, four places a byte: `24` is 0, 1, 2, 0 from its lowest bits on, so place 1 is held and place 2 sold; `0c` has places 8 and 9, and 9 is blocked. From now on this room is number 1.',
  },
  {
    server: 'beacon',
    bytes: true,
    says: 'Every two seconds the version and the checksum. They are at one version, so the checksums must be equal.',
  },
  { meanwhile: 'a buyer holds', says: 'Somebody holds places 4 and 5.' },
  {
    server: 'diff, two places held',
    bytes: true,
    says: 'From version 41 to 42. `15` is 5 × 4 + 1: five places on from -1, so place 4, is held; `05` is 1 × 4 + 1: the next one, too.',
  },
  {
    meanwhile: 'the line breaks and a buyer pays',
    says: 'The line breaks. The client keeps its map and opens another after a moment.',
  },
  { client: 'hello, anonymous', says: 'A new session begins like the first.' },
  { server: 'welcome, anonymous', says: 'Room numbers of the old session mean nothing now.' },
  {
    client: 'join, with a map',
    says: 'This time there is a map: the epoch it belongs to, and version 42.',
  },
  {
    server: 'resumed',
    bytes: true,
    says: 'Only what changed since: from 42 to 43, places 4 and 5 are sold (`16` is 5 × 4 + 2). With another epoch, or if the server no longer knew, it would be a snapshot.',
  },
  {
    client: 'leave',
    says: 'Out of the room; there is no answer. The client may close the line at any time.',
  },
];

export const BUYER_SESSION: readonly Step[] = [
  {
    client: 'hello, with a token',
    says: 'The access token of a sign-in by REST. It travels here and in `authenticate`, never in the URL.',
  },
  {
    server: 'welcome, signed in',
    says: 'Signed in until `expiresAt`; half a minute before that, the client sends `authenticate` with a new token.',
  },
  { client: 'join, with no map', says: 'Into the room.' },
  { server: 'snapshot', says: 'The map, as the watcher got it.' },
  { client: 'sync-time', says: 'The client asks a few times what time it is there ...' },
  {
    server: 'time',
    says: "... and has its own time back beside the server's: the round trip, and how far the clocks are apart.",
  },
  {
    client: 'hold',
    bytes: true,
    says: "Places 4 and 5, both or none, under an op id of the client's own. Unanswered, it is sent again under the same op, on any session.",
  },
  {
    server: 'held',
    bytes: true,
    says: "They are the buyer's for five minutes, at a fixed price. Had one been taken, this would be `rejected` with `place_taken` and that place.",
  },
  {
    server: 'diff, two places held',
    says: 'The room hears of it, the buyer included; it may come before `held`. Nobody is told who holds.',
  },
  { client: 'checkout', says: 'The buyer goes to pay.' },
  {
    server: 'checked-out',
    says: 'The order to be, what it costs, and until when it can be paid. The map shows no difference.',
  },
  {
    client: 'pay',
    says: "With the payment method's token. A declined card would be `rejected` with `payment_declined`, and the hold would be as before the checkout.",
  },
  {
    server: 'accepted',
    says: 'The payment is authorised and the places are taken for good. Not yet sold: the ledger has the last word.',
  },
  { server: 'diff, two places sold', says: 'To the room they are sold.' },
  {
    server: 'order, confirmed',
    bytes: true,
    says: 'The ledger has it. Only this means sold.',
  },
  { client: 'mine', says: 'What a page asks that was loaded anew: what is mine here?' },
  { server: 'mine, after the sale', says: 'No holds, and one order.' },
];

/** What a step says on the wire; null for what happens elsewhere. */
export type Said = { readonly name: string } & (
  | { readonly from: 'client'; readonly message: Up }
  | { readonly from: 'server'; readonly message: Down }
);

export function messageOf(step: Step): Said | null {
  if ('client' in step) return { from: 'client', name: step.client, message: UP_EXAMPLES[step.client] };
  if ('server' in step) return { from: 'server', name: step.server, message: DOWN_EXAMPLES[step.server] };
  return null;
}
