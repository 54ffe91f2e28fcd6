import { eventId, opId } from '../../words/ids.ts';
import { defineCommand } from '../define.ts';

export const mine = defineCommand({
  type: 'mine',
  code: 11,
  doc: "Asks for the caller's own holds and orders of an event, for a page that lost its memory. Answer: `mine`.",
  access: 'account',
  idempotent: 'always',
  refusals: [],
  fields: { op: opId, event: eventId },
});
