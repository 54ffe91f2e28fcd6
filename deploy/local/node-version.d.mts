export const FIRST_MINOR: Readonly<Record<number, number>>;
/** Undefined for a Node that will do; else what to do, in one line. */
export function unsuitableNode(version: string, command: string): string | undefined;
