/**
 * How fast any line notices that its peer is gone without a word: one at rest is asked for a sign of life every `LINE_WATCH_MS`, and is
 * given up after `SILENT_ROUNDS` without one: 8 s at most. Every kind of line to a store keeps to this.
 */
export const LINE_WATCH_MS = 2_000;
export const SILENT_ROUNDS = 3;
/** What waits inside a store must come back well before its line is taken for dead. */
export const LONGEST_BLOCK_MS = 2_000;
