/** Time ran out before an answer came. What was asked may still happen. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

/** Settles as `work` does, or throws `DeadlinePassed` after `ms`; then `late` gets what still comes, to clean it up. */
export function deadline<T>(work: Promise<T>, ms: number, late?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let passed = false;
    const timer = setTimeout(() => {
      passed = true;
      reject(new DeadlinePassed(`no answer within ${ms} ms`));
    }, ms);
    work.then(
      (value) => {
        clearTimeout(timer);
        if (passed) late?.(value);
        else resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        if (!passed) reject(error);
      },
    );
  });
}
