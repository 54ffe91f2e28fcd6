/**
 * Settles as `work` does; once `ms` have passed, as `late` says: with its value, or with what it throws. A result that comes after that
 * goes to `unheard`, which cleans it up; a failure that comes after that is dropped.
 */
export function within<T, L>(
  ms: number,
  work: Promise<T>,
  late: () => L,
  unheard?: (value: T) => void,
): Promise<T | L> {
  return new Promise((resolve, reject) => {
    let passed = false;
    const timer = setTimeout(() => {
      passed = true;
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, ms);
    work.then(
      (value) => {
        clearTimeout(timer);
        if (passed) unheard?.(value);
        else resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
