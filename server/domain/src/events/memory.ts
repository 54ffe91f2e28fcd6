/**
 * A bounded memory of what a slow source said. One load a key at a time; fresh for a while; and when the source fails or dawdles,
 * what was said before rather than nothing.
 */
import { within } from '@seatwire/program';

/** How long a caller waits for news of something it already has an older answer for. */
const PATIENCE_MS = 150;
/** After a failed load, the older answer serves this long before the next try. */
const RETRY_MS = 1_000;

interface Entry<V> {
  readonly value: V;
  staleAt: number;
}
interface Load<V> {
  readonly result: Promise<V>;
  readonly since: number;
}

export class Memory<K, V> {
  readonly #load: (key: K) => Promise<V>;
  readonly #freshMs: number;
  readonly #most: number;
  readonly #now: () => number;
  readonly #known = new Map<K, Entry<V>>();
  readonly #loading = new Map<K, Load<V>>();

  /** `freshMs` may be Infinity for what never changes. */
  constructor(o: { load: (key: K) => Promise<V>; freshMs: number; most: number; now?: () => number }) {
    this.#load = o.load;
    this.#freshMs = o.freshMs;
    this.#most = o.most;
    this.#now = o.now ?? Date.now;
  }

  async get(key: K): Promise<V> {
    const known = this.#known.get(key);
    if (!known) return this.#loadOnce(key).result;
    if (this.#now() < known.staleAt) return known.value;
    const load = this.#loadOnce(key);
    const older = (): V => known.value;
    const fresh = load.result.catch(older);
    const patience = PATIENCE_MS - (this.#now() - load.since);
    return patience > 0 ? within(patience, fresh, older) : known.value;
  }

  forget(key: K): void {
    this.#known.delete(key);
    this.#loading.delete(key);
  }

  #loadOnce(key: K): Load<V> {
    const underWay = this.#loading.get(key);
    if (underWay) return underWay;
    const load: Load<V> = {
      since: this.#now(),
      result: this.#load(key).then(
        (value) => {
          // A load begun before `forget` may carry what was to be forgotten.
          if (this.#ended(key, load)) this.#keep(key, value);
          return value;
        },
        (error: unknown) => {
          const known = this.#known.get(key);
          if (this.#ended(key, load) && known) known.staleAt = this.#now() + RETRY_MS;
          throw error;
        },
      ),
    };
    this.#loading.set(key, load);
    return load;
  }

  #ended(key: K, load: Load<V>): boolean {
    if (this.#loading.get(key) !== load) return false;
    return this.#loading.delete(key);
  }

  #keep(key: K, value: V): void {
    this.#known.delete(key);
    this.#known.set(key, { value, staleAt: this.#now() + this.#freshMs });
    if (this.#known.size > this.#most) this.#known.delete(this.#known.keys().next().value as K);
  }
}
