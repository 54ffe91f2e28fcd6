import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Answer } from '../connection/api.ts';

/** Asks REST once per `key` and says how it stands; `retry` asks again. */
export function useAnswer<T>(
  key: string,
  ask: () => Promise<Answer<T>>,
): { answer: Answer<T> | null; retry: () => void } {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  // `ask` is a new function at each render; `key` says when it means something else.
  useEffect(() => {
    let wanted = true;
    setAnswer(null);
    ask().then((got) => wanted && setAnswer(got));
    return () => {
      wanted = false;
    };
  }, [key, attempt]);
  return { answer, retry: useCallback(() => setAttempt((n) => n + 1), []) };
}
