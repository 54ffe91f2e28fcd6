/** Notices over the Redis bus: published by whoever has news, heard by every server. */
import { listenToNotices, type News, publishNotices } from '@seatwire/store';
import type { Notices } from './notices.ts';

/** The connection types of the store's bus, so that this folder needs no client library. */
type Publisher = Parameters<typeof publishNotices>[0];
type Subscriber = Parameters<typeof listenToNotices>[0];

export class RedisNotices implements Notices {
  readonly #publisher: Publisher;
  readonly #subscriber: Subscriber;
  readonly #failed: (error: unknown) => void;
  readonly #listeners = new Set<(notice: News) => void>();
  #stop: (() => Promise<void>) | null = null;

  /** `subscriber` must be in subscriber mode. */
  constructor(o: { publisher: Publisher; subscriber: Subscriber; failed: (error: unknown) => void }) {
    this.#publisher = o.publisher;
    this.#subscriber = o.subscriber;
    this.#failed = o.failed;
  }

  async start(): Promise<void> {
    const heard = (notice: News): void => {
      for (const listener of this.#listeners) listener(notice);
    };
    this.#stop = await listenToNotices(this.#subscriber, heard, this.#failed);
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
    await this.#stop?.();
  }

  publish(notices: readonly News[]): Promise<void> {
    return publishNotices(this.#publisher, notices);
  }

  listen(heard: (notice: News) => void): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }
}
