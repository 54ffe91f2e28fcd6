/** Work that goes on behind its starter's back: a bounded number at once, and what fails is told when the next begins. */
export class Following {
  readonly #most: number;
  readonly #underWay = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves as soon as it has begun. */
  async begin(work: () => Promise<void>): Promise<void> {
    while (this.#underWay.size >= this.#most) await Promise.race(this.#underWay);
    const one = work()
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => this.#underWay.delete(one));
    this.#underWay.add(one);
  }

  /** Throws what failed first of what failed since. */
  rethrow(): void {
    const [first] = this.#failures.splice(0);
    if (first !== undefined) throw first;
  }

  async end(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
