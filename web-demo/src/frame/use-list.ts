/** Lists that come in pages: the first one at once, the others when they are asked for. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../connection/api.ts';
import { cameBack } from './arrival.ts';

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly total: number;
  /** Address of the next page; null on the last one. */
  readonly next: string | null;
}
type Failure = Extract<Answer<never>, { ok: false }>['code'];

export interface List<T> {
  /** All pages so far; null while there is none. */
  readonly shown: ListPage<T> | null;
  readonly failed: Failure | null;
  readonly busy: boolean;
  /** Asks for the next page, or again for what failed. */
  readonly more: () => void;
}

/** As they were when they were left, for whoever comes back: at once, and as long as they were. */
const remembered = new Map<string, ListPage<unknown>>();

/** `key` says what the list is of; `ask` is given null for the first page. */
export function useList<T extends { readonly id: string }>(
  key: string,
  ask: (next: string | null) => Promise<Answer<ListPage<T>>>,
): List<T> {
  const kept = () => (cameBack() ? ((remembered.get(key) as ListPage<T> | undefined) ?? null) : null);
  const [shown, setShown] = useState<ListPage<T> | null>(kept);
  const [failed, setFailed] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  /** Of an older key's answer, or of a page that is gone, nobody wants to hear. */
  const asked = useRef(0);

  const load = async (before: ListPage<T> | null) => {
    const mine = ++asked.current;
    setBusy(true);
    const answer = await ask(before?.next ?? null);
    if (mine !== asked.current) return;
    setBusy(false);
    setFailed(answer.ok ? null : answer.code);
    if (!answer.ok) return;
    const now = before === null ? answer.body : joined(before, answer.body);
    remembered.set(key, now);
    setShown(now);
  };
  const first = useRef(true);
  useEffect(() => {
    const back = first.current ? shown : null;
    first.current = false;
    if (back === null) {
      setShown(null);
      load(null);
    }
    return () => {
      asked.current++;
    };
  }, [key]);
  return { shown, failed, busy, more: () => !busy && load(shown) };
}

/** What came or went meanwhile moves the rest: an item met twice is shown once. */
function joined<T extends { readonly id: string }>(before: ListPage<T>, page: ListPage<T>): ListPage<T> {
  const known = new Set(before.items.map(({ id }) => id));
  return { ...page, items: [...before.items, ...page.items.filter(({ id }) => !known.has(id))] };
}
