/** What the system stands on and may lose. */
export type Dependency = 'redis' | 'postgres' | 'mongo' | 'payments';

/**
 * A dependency is lost, refuses its work, or did not answer in time. The outcome is unknown: what was asked may have happened, so it is
 * asked again under the same id. Every edge turns it into `unavailable`; anything else that is thrown is a defect.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly dependency: Dependency;

  constructor(dependency: Dependency, message: string, options?: ErrorOptions) {
    super(message, options);
    this.dependency = dependency;
  }
}

/** The option that says where each one is. */
const OPTION: Readonly<Record<Dependency, string>> = {
  redis: 'REDIS_URL',
  postgres: 'DATABASE_URL',
  mongo: 'MONGO_URL',
  payments: 'PAYMENT_PROVIDER',
};

/** For the person who started a program that ends with this error; null when the error is of another kind. */
export function explainUnavailable(error: unknown): string | null {
  return error instanceof Unavailable ? `${error.message}\nIs ${OPTION[error.dependency]} right?` : null;
}
