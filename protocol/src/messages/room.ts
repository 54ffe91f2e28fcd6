/** A server's short number for a room, so that a diff need not carry 36 bytes of event id. Valid for one session; told by `snapshot` and `resumed`. */
import * as z from 'zod';

export const room = z.int().min(0).max(0xffff_ffff);
