import { within } from '@seatwire/program';

/** What the system stands on and may lose. */
export type Dependency = 'redis' | 'postgres' | 'mongo' | 'payments';

/**
 * A dependency is lost, refuses its work, or did not answer in time. The outcome is unknown: what was asked may have happened, so it is
 * asked again under the same id. Every edge answers it with `unavailable`; anything else that is thrown is a defect.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly dependency: Dependency;

  constructor(dependency: Dependency, message: string, options?: ErrorOptions) {
    super(message, options);
    this.dependency = dependency;
  }
}

/** As people call each one, and the option that says where it is. */
const KNOWN: Readonly<Record<Dependency, { readonly name: string; readonly option: string }>> = {
  redis: { name: 'Redis', option: 'REDIS_URL' },
  postgres: { name: 'Postgres', option: 'DATABASE_URL' },
  mongo: { name: 'MongoDB', option: 'MONGO_URL' },
  payments: { name: 'The payment provider', option: 'PAYMENT_PROVIDER' },
};

/** What `work` comes to, or `Unavailable` after `ms`; then `unheard` gets what still comes, to clean it up. */
export function inTime<T>(
  dependency: Dependency,
  ms: number,
  work: Promise<T>,
  unheard?: (value: T) => void,
): Promise<T> {
  const late = (): never => {
    throw new Unavailable(dependency, `${KNOWN[dependency].name} did not answer within ${ms} ms.`);
  };
  return within(ms, work, late, unheard);
}

/** For the person who started a program that ends with this error; null when the error is of another kind. */
export function explainUnavailable(error: unknown): string | null {
  if (!(error instanceof Unavailable)) return null;
  return `${error.message}\nIs ${KNOWN[error.dependency].option} right?`;
}
