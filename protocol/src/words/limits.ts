/** Bounds that both sides know. A frame beyond them is refused before anything is allocated for it. */

/** Largest frame a client may send, bytes. */
export const MAX_UP_BYTES = 16 * 1024;
/** Largest frame a server sends, bytes: a snapshot of MAX_PLACES, with room to spare. */
export const MAX_DOWN_BYTES = 512 * 1024;
/** Longest array in a frame from a client. */
export const MAX_UP_ARRAY = 128;
/** Elements of all arrays of a frame from a client: a full hold has 104. */
export const MAX_UP_ELEMENTS = 256;
/** Deepest nesting in a frame from a client: the message and its place list. */
export const MAX_UP_DEPTH = 3;
/** Longest array in a frame from a server. */
export const MAX_DOWN_ARRAY = 4096;
/** Elements of all arrays of a frame from a server. */
export const MAX_DOWN_ELEMENTS = 65_536;
/** Deepest nesting in a frame from a server: `mine`, its holds, one hold, its places. */
export const MAX_DOWN_DEPTH = 4;
/** Most places in one command; an event's own cap is lower. */
export const MAX_PLACES_PER_COMMAND = 100;
/** Most rooms one session may join. */
export const MAX_ROOMS_PER_SESSION = 8;
/** A command without an outcome by then, ms, is rejected `unavailable`. All that a server does for one fits in. */
export const COMMAND_MS = 10_000;
