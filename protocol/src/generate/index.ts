/**
 * The tables of PROTOCOL.md and the test vectors, from the schemas and catalogues themselves. Pure: text in, text out; `npm run generate` writes
 * the files and `npm run generated` fails on a difference. Nothing here is loaded at run time. Imports the protocol's own files only.
 */
import { DOWN } from '../messages/down.ts';
import { UP } from '../messages/up.ts';
import { closesTable, commandsTable, rejectsTable } from './failure-tables.ts';
import { lifecycleTable } from './lifecycle-table.ts';
import { limitsTable } from './limits-table.ts';
import { messagesTable, typesTable } from './message-tables.ts';
import { told } from './telling.ts';
import { BUYER_SESSION, WATCHER_SESSION } from './told-sessions.ts';

export { code, table } from './markdown.ts';
export { replaceRegion } from './region.ts';
export { BUYER_SESSION, messageOf, type Step, WATCHER_SESSION } from './told-sessions.ts';
export { vectorsJson } from './vectors.ts';

/** Marker in PROTOCOL.md to content. */
export const PROTOCOL_TABLES: Readonly<Record<string, () => string>> = {
  'messages-up': () => messagesTable(UP),
  'messages-down': () => messagesTable(DOWN),
  types: typesTable,
  closes: closesTable,
  rejects: rejectsTable,
  commands: commandsTable,
  lifecycle: lifecycleTable,
  limits: limitsTable,
  'session-watcher': () => told(WATCHER_SESSION),
  'session-buyer': () => told(BUYER_SESSION),
};
