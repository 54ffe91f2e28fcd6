/**
 * What every Seatwire process is made of, so that all of them are alive in one way.
 *
 * What: options as one table (options.ts), services that start, drain and stop in declared order (service.ts, repeat.ts), the life of
 * a process from its arguments to its exit status (life.ts), what operators ask (health.ts, operations.ts), and the one deadline
 * (deadline.ts).
 * Invariants: defaults stand in option tables and nowhere else; a misused command line ends with 64, a failure with 1; the first
 * signal drains, a second one a second later ends at once.
 * Imports nothing else of ours, so that any process may use it.
 */
export * from './backoff.ts';
export * from './deadline.ts';
export * from './health.ts';
export * from './life.ts';
export * from './operations.ts';
export * from './option-types.ts';
export * from './options.ts';
export * from './repeat.ts';
export * from './service.ts';
export * from './shared-options.ts';
