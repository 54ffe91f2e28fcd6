export { resubscribed } from './bus/channel.ts';
export * from './bus/dead-letters.ts';
export * from './bus/presence.ts';
export * from './bus/private-messages.ts';
export * from './bus/rebuild-requests.ts';
export * from './bus/sign-outs.ts';
export * from './bus/unfinished-rebuilds.ts';
export * from './bus/work-leases.ts';
export { LONGEST_BLOCK_MS } from './dead-peer.ts';
export type { Comment, CommentModel } from './mongo/comments.ts';
export * from './mongo/documents.ts';
export { MEDIA_KINDS, type Media, type MediaModel } from './mongo/media.ts';
export type { Review, ReviewModel } from './mongo/reviews.ts';
export * from './ops/carry-out-once.ts';
export * from './ops/op-records.ts';
export * from './payments/open-provider.ts';
export { type SimulatedOptions, simulatedProvider } from './payments/provider.simulated.ts';
export * from './payments/provider.ts';
export {
  createUser,
  findCredentials,
  findUser,
  type NewUser,
  replacePasswordHash,
} from './postgres/accounts.ts';
export * from './postgres/charts.ts';
export {
  closeDatabase,
  type Database,
  type DatabaseOptions,
  openDatabase,
  pingDatabase,
} from './postgres/database.ts';
export { createEvent, type EventCreation, type NewEvent } from './postgres/event-creation.ts';
export {
  type EventSearch,
  type EventsFound,
  eventsOnSale,
  findEvent,
  listEvents,
  publishEvent,
  type SaleEvent,
} from './postgres/events.ts';
export * from './postgres/flush-purchases.ts';
export { probeLedger } from './postgres/ledger-probe.ts';
export { type MigrateOptions, MigrationError, migrate } from './postgres/migrate.ts';
export * from './postgres/orders.ts';
export * from './postgres/payments.ts';
export { type PlaceLabel, placeLabels } from './postgres/place-labels.ts';
export * from './postgres/refresh-tokens.ts';
export * from './postgres/seat-plans.ts';
export { messagesOfWritten } from './postgres/written-orders.ts';
export * from './sales/accepted-orders.ts';
export { openRedis, type RedisClient, type RedisRole } from './seats/connections.ts';
export { LINE_BACK, stuckLines } from './seats/line-watch.ts';
export { type MemorySeatStoreOptions, memorySeatStore } from './seats/seat-store.memory.ts';
export { openSeatStore, type RedisSeatStore, type SeatStoreOptions } from './seats/seat-store.redis.ts';
export * from './seats/seat-store.ts';
export type { Transition } from './seats/transition.ts';
export { withoutState } from './seats/without-state.ts';
export { probeWrites } from './seats/write-probe.ts';
export * from './unavailable.ts';
export type { EventRules } from './words/event-rules.ts';
export type { Lapse, OutboxEntry, Purchase } from './words/purchase.ts';
export type { SeatPlan } from './words/seat-plan.ts';
