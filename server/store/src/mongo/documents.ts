/**
 * Documents: reviews, comments and media, in MongoDB. They never sit on the seat path. If MongoDB is down, seats still sell:
 * opening does not wait for it, every call on a model fails within its deadline, and the connection comes back by itself.
 *
 * Concurrency: any number of processes; rules between them are unique indexes (`j: true`, so an acknowledged write survives a
 * crash). Imports: @seatwire/protocol.
 */
import { type Connection, Mongoose } from 'mongoose';
import { LINE_WATCH_MS } from '../dead-peer.ts';
import { type CommentModel, commentModel } from './comments.ts';
import { type MediaModel, mediaModel } from './media.ts';
import { type ReviewModel, reviewModel } from './reviews.ts';

export interface Documents {
  readonly reviews: ReviewModel;
  readonly comments: CommentModel;
  readonly media: MediaModel;
  readonly connection: Connection;
  /** Whether MongoDB answers now. Never throws. */
  ready(): Promise<boolean>;
  /** Resolves once connected with all indexes in place; rejects when closed first. */
  connected(): Promise<void>;
  close(): Promise<void>;
}

export interface DocumentsOptions {
  /** How long any call may take; 5 s if left out. */
  readonly deadlineMs?: number;
  /** Called with what went wrong, each time an attempt to connect fails. */
  readonly onUnavailable?: (error: unknown) => void;
  /** See dead-peer.ts; the driver takes at least 500. */
  readonly lineWatchMs?: number;
}

const RETRY_AT_FIRST_MS = 250;
const RETRY_AT_MOST_MS = 10_000;

/** Resolves at once; connecting goes on behind it, for as long as it takes. */
export async function openDocuments(url: string, options: DocumentsOptions = {}): Promise<Documents> {
  const { deadlineMs = 5_000, onUnavailable = () => undefined, lineWatchMs = LINE_WATCH_MS } = options;
  const mongoose = new Mongoose({
    sanitizeFilter: true,
    strictQuery: 'throw',
    // Without a connection a call fails at once, rather than waiting in a queue for one.
    bufferCommands: false,
    // Made by `connected`, which waits for them.
    autoIndex: false,
    autoCreate: false,
    // A server that answers, but slowly; one that does not answer meets the socket's timeout.
    maxTimeMS: deadlineMs,
  });
  const connection = mongoose.createConnection();
  const models = {
    reviews: reviewModel(connection),
    comments: commentModel(connection),
    media: mediaModel(connection),
  };

  const closing = new AbortController();
  const connected = connect(
    connection,
    url,
    { deadlineMs, lineWatchMs },
    closing.signal,
    async () => {
      for (const model of Object.values(models)) await model.createIndexes();
    },
    onUnavailable,
  );
  // A caller that awaits it gets the failure; without one it must not end the process.
  connected.catch(() => undefined);

  return {
    ...models,
    connection,
    connected: () => connected,
    async ready() {
      if (connection.readyState !== mongoose.ConnectionStates.connected) return false;
      return connection
        .db!.admin()
        .command({ ping: 1, maxTimeMS: deadlineMs })
        .then(
          () => true,
          () => false,
        );
    },
    async close() {
      closing.abort(new Error('The documents were closed.'));
      await connected.catch(() => undefined);
      await connection.close();
    },
  };
}

/** The driver keeps an established connection alive by itself, but gives up on a first one: that is what this repeats. */
async function connect(
  connection: Connection,
  url: string,
  { deadlineMs, lineWatchMs }: { readonly deadlineMs: number; readonly lineWatchMs: number },
  closing: AbortSignal,
  prepare: () => Promise<void>,
  onUnavailable: (error: unknown) => void,
): Promise<void> {
  for (let wait = RETRY_AT_FIRST_MS; ; wait = Math.min(wait * 2, RETRY_AT_MOST_MS)) {
    closing.throwIfAborted();
    try {
      await connection.openUri(url, {
        appName: 'seatwire',
        connectTimeoutMS: deadlineMs,
        serverSelectionTimeoutMS: deadlineMs,
        socketTimeoutMS: deadlineMs,
        waitQueueTimeoutMS: deadlineMs,
        // MongoDB says "still here" this often on a line of its own; silent for `connectTimeoutMS` more, all lines to it are replaced.
        heartbeatFrequencyMS: lineWatchMs,
        maxPoolSize: 10,
        writeConcern: { w: 'majority', j: true },
      });
      await prepare();
      return;
    } catch (error) {
      onUnavailable(error);
      await connection.close().catch(() => undefined);
    }
    await pause(wait * (0.5 + Math.random() / 2), closing);
  }
}

function pause(ms: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      closing.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    closing.addEventListener('abort', wake);
    if (closing.aborted) wake();
  });
}
