import { epoch, eventId, opId, version } from '../../words/ids.ts';
import { defineCommand } from '../define.ts';
import { ENTERING } from '../refusals.ts';

export const join = defineCommand({
  type: 'join',
  code: 3,
  doc: "Enters an event's room. With (epoch, version) of a map the client still has, the answer is `resumed`, else `snapshot`.",
  access: 'public',
  idempotent: 'always',
  refusals: ENTERING,
  fields: { op: opId, event: eventId, epoch: epoch.nullable(), version: version.nullable() },
});
