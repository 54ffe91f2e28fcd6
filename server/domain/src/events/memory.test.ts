import { describe, expect, test } from 'vitest';
import { Memory } from './memory.ts';

function source(values: readonly (string | Error)[]) {
  const asked: string[] = [];
  let now = 0;
  const memory = new Memory<string, string>({
    load: async (key) => {
      const value = values[asked.push(key) - 1];
      if (value === undefined) throw new Error('asked too often');
      if (value instanceof Error) throw value;
      return value;
    },
    freshMs: 1_000,
    most: 2,
    now: () => now,
  });
  return { memory, asked, pass: (ms: number) => (now += ms) };
}

describe('memory', () => {
  test('the memory asks the source once however many ask at once, and not again while it is fresh', async () => {
    const { memory, asked } = source(['one']);
    expect(await Promise.all([memory.get('a'), memory.get('a'), memory.get('a')])).toEqual([
      'one',
      'one',
      'one',
    ]);
    expect(await memory.get('a')).toBe('one');
    expect(asked).toEqual(['a']);
  });

  test('the memory asks again once it is stale, or was told to forget', async () => {
    const { memory, pass } = source(['one', 'two', 'three']);
    await memory.get('a');
    pass(1_001);
    expect(await memory.get('a')).toBe('two');
    memory.forget('a');
    expect(await memory.get('a')).toBe('three');
  });

  test('[RE7] the memory says what it knew while the source is away, and leaves the source alone for a second', async () => {
    const { memory, asked, pass } = source(['one', new Error('away'), 'two']);
    await memory.get('a');
    pass(1_001);
    expect(await memory.get('a')).toBe('one');
    expect(await memory.get('a')).toBe('one');
    expect(asked).toHaveLength(2);
    pass(1_001);
    expect(await memory.get('a')).toBe('two');
  });

  test('[RE7] the memory does not wait long for a source that does not answer', async () => {
    let calls = 0;
    let now = 0;
    const memory = new Memory<string, string>({
      load: () => (calls++ === 0 ? Promise.resolve('one') : new Promise(() => undefined)),
      freshMs: 10,
      most: 2,
      now: () => now,
    });
    await memory.get('a');
    now = 20;
    expect(await memory.get('a')).toBe('one');
    expect(calls).toBe(2);
  });

  test('a failure with nothing known is the caller’s to handle', async () => {
    const { memory } = source([new Error('away'), 'one']);
    await expect(memory.get('a')).rejects.toThrow('away');
    expect(await memory.get('a')).toBe('one');
  });

  test('a load begun before it was told to forget is not kept', async () => {
    const release: ((value: string) => void)[] = [];
    const memory = new Memory<string, string>({
      load: () => new Promise((resolve) => release.push(resolve)),
      freshMs: 1_000,
      most: 2,
    });
    const before = memory.get('a');
    memory.forget('a');
    const after = memory.get('a');
    release[1]!('new');
    release[0]!('old');
    expect([await before, await after, await memory.get('a')]).toEqual(['old', 'new', 'new']);
  });

  test('the memory is bounded', async () => {
    const { memory, asked } = source(['1', '2', '3', '4']);
    for (const key of ['a', 'b', 'c']) await memory.get(key);
    await memory.get('c');
    await memory.get('a');
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
