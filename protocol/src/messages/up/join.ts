import { epoch, eventId, opId, version } from '../../words/ids.ts';
import { define } from '../define.ts';

export const join = define({
  type: 'join',
  code: 3,
  doc: "Enters an event's room. With (epoch, version) of a map the client still has, the answer is `resumed`, else `snapshot`.",
  fields: { op: opId, event: eventId, epoch: epoch.nullable(), version: version.nullable() },
});
