/** The steps between which a crash must lose nothing, in order. */
export type FlushStep = 'read' | 'committed' | 'settled' | 'acked';

/**
 * Called after each step of a batch. Production does nothing; a test stands still here for ever, which to the rest of the
 * system is what a killed worker looks like.
 */
export type Faults = (step: FlushStep) => Promise<void> | void;

export const noFaults: Faults = () => {};
