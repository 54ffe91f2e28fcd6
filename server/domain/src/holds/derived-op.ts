/** A second op of the same command, for a second call to the store: the same for every repeat, and different for every other command. */
import { createHash } from 'node:crypto';
import { type OpId, opId } from '@seatwire/protocol';

export function derivedOp(op: OpId, step: string): OpId {
  return opId.parse(createHash('sha256').update(`${step}:${op}`).digest('base64url').slice(0, 40));
}
