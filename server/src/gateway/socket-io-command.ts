/** From a socket.io event to a message of the protocol: the same schemas as on the wire. */
import { type OpId, REJECTIONS, randomToken, UP, type Up } from '@seatwire/protocol';

const BY_TYPE = new Map(UP.map((def) => [def.type as string, def]));

export type ParsedCommand =
  | { readonly ok: true; readonly message: Up }
  | { readonly ok: false; readonly rejected: object };

/** `op` may be left out, which gives up the right to repeat the command; so may fields that may be null. */
export function commandOf(name: string, payload: unknown): ParsedCommand {
  const def = BY_TYPE.get(name);
  const given = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {};
  const op = typeof given.op === 'string' ? given.op : randomToken();
  if (!def || name === 'hello') return refuse(op, 'no such command');
  const fields: Record<string, unknown> = {};
  for (const field of Object.keys(def.fields)) {
    const value = Object.hasOwn(given, field) ? given[field] : undefined;
    fields[field] = field === 'op' ? op : (value ?? null);
  }
  const parsed = def.schema.safeParse(fields);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(op, issue ? `${issue.path.join('.')}: ${issue.message}` : 'not of the expected form');
  }
  return { ok: true, message: { type: def.type, ...parsed.data } as Up };
}

function refuse(op: string, detail: string): ParsedCommand {
  const message = `${REJECTIONS.bad_request.message} ${detail}`;
  return {
    ok: false,
    rejected: { type: 'rejected', op: op as OpId, code: 'bad_request', places: null, message },
  };
}
