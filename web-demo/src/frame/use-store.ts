import { useEffect, useState } from 'preact/hooks';
import type { Readable } from '../connection/store.ts';

/** The store's value; draws again when it changes. */
export function useStore<T>(source: Readable<T>): T {
  const [value, setValue] = useState(() => source.get());
  useEffect(() => {
    setValue(() => source.get());
    return source.watch((next) => setValue(() => next));
  }, [source]);
  return value;
}
