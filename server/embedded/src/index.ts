/**
 * Real Redis, Postgres and MongoDB servers that npm alone brings: for development, tests and the demo. And, since it takes the same
 * patch, the socket engine on a system older than its binary.
 *
 * Each store is one operating-system process (MongoDB's engine lives in a small Node child) that listens on 127.0.0.1
 * and keeps its data in one folder. `startStores` runs all three; `startRedis`, `startPostgres`, `startMongo` and
 * `startRedisCluster` run one, with `kill` and `restart` for fault tests.
 *
 * Invariants
 * - One living process owns a folder: a lock file in it names the owner by number and start time (folder-claim.ts). The
 *   lock of a dead owner is removed; of several that then come at once, one gets the folder.
 * - Nothing outlives its owner for long: Redis and Postgres are ended by a shell that waits for our end of a pipe to
 *   close, MongoDB ends itself when its channel closes. What is left anyway is ended at the next start, after being
 *   recognised by its program and folder in the process table, never by a remembered number.
 * - What a store acknowledged survives SIGKILL of anything: Redis `appendfsync always`, Postgres `fsync` and
 *   `synchronous_commit` on. Tests may turn that off, explicitly.
 * - The shell decides nothing: children get a known environment and the locale C (config.ts), our own connections say all they
 *   want, so that LANG, PG*, NODE_OPTIONS, TMPDIR or TZ cannot stop a start.
 * - What will not pass ends a start at once; what might ends it at a deadline, with the last reason and the log's last words.
 * - A file is patched (elf.ts) only when the loader refuses the original, only in a copy, only if its sha256 is known.
 * - Whatever fails is an EmbeddedStoreError with a stable code and a message that says what to do.
 *
 * Imports nothing of ours; needs pg and ioredis. For development and tests: production does not install it.
 */
export { type Command, exitOf, launch, within } from './child.ts';
export { cacheFolder } from './config.ts';
export { type EmbeddedStoreCode, EmbeddedStoreError, type StoreName } from './error.ts';
export { claimFolder, type FolderClaim } from './folder-claim.ts';
export { freePort } from './free-port.ts';
export { startMongo } from './mongo.ts';
export { type PostgresOptions, startPostgres } from './postgres.ts';
export { type RedisOptions, startRedis } from './redis.ts';
export { type RedisCluster, type RedisClusterOptions, startRedisCluster } from './redis-cluster.ts';
export { patchedSocketEngine, SocketEngineError } from './socket-engine.ts';
export type { StoreOptions, StoreProcess } from './store-process.ts';
export { type Stores, type StoresOptions, startStores } from './stores.ts';
export { temporaryFolder } from './temporary-folder.ts';
