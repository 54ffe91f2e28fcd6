import { eventId, opId } from '../../words/ids.ts';
import { defineCommand } from '../define.ts';
import { ENTERING } from '../refusals.ts';

export const watch = defineCommand({
  type: 'watch',
  code: 12,
  doc: "Organizer: starts the event's monitor stream (`stats` at once and each second). Answer: `watching`, or `rejected`.",
  access: 'owner of event',
  idempotent: 'always',
  refusals: ENTERING,
  fields: { op: opId, event: eventId },
});
