/** What REST sends and takes: the same schemas make the OpenAPI document and the web page's types. */
export * from './accounts.ts';
export * from './events.ts';
export * from './holds.ts';
export * from './orders.ts';
export * from './problem.ts';
