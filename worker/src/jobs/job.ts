/** What a job is: work that follows a commit and may be done later, declared as a value and listed in jobs.ts. */
import type { Database, PaymentProvider } from '@seatwire/store';
import type { z } from 'zod';

/** BullMQ's name of each. Jobs of one queue share its workers, so what may be slow has a queue of its own. */
export type QueueName = 'payments';

/** What jobs work on. */
export interface JobParts {
  readonly db: Database;
  readonly provider: PaymentProvider;
}

export interface Job<Name extends string = string, Data = unknown> {
  readonly name: Name;
  readonly queue: QueueName;
  readonly schema: z.ZodType<Data>;
  readonly attempts: number;
  /** First pause between attempts; doubles each time, half of it jitter. */
  readonly backoffMs: number;
  /** Of two jobs with one name and key the second is none while the first waits or has failed. No colons: BullMQ takes none. */
  keyOf(data: Data): string;
  /** May run twice, also at the same time: a stalled job is given to another worker. Comes to a word for the metrics; a throw is tried again. */
  handle(parts: JobParts, data: Data): Promise<string>;
  /** Whether no repeat can help: the job is kept as failed for a person to look at, and never woken. */
  isFinal(error: unknown): boolean;
}
