import { describe, expect, test } from 'vitest';
import { line, optionalLine, paragraphs } from './text.ts';

const taken = (
  schema: { safeParse(value: unknown): { success: boolean; data?: unknown } },
  typed: unknown,
) => {
  const parsed = schema.safeParse(typed);
  return parsed.success ? parsed.data : null;
};

describe('text that people type', () => {
  test('[CB34] one spelling in two normal forms is one text', () => {
    expect(taken(line(100), 'cafe\u0301')).toBe('caf\u00e9');
    expect(taken(line(100), '\uff33eat')).toBe('Seat');
  });

  test.each([
    ['NUL', 'a\0b'],
    ['a control character', 'a\u0007b'],
    ['a line break in one line', 'a\nb'],
    ['half a surrogate pair', 'a\ud800b'],
    ['a right-to-left override', 'a\u202eb'],
    ['a zero-width space', 'a\u200bb'],
  ])('[CB32] %s is refused', (_, typed) => {
    expect(taken(line(100), typed)).toBeNull();
  });

  test.each(['', ' ', '\u3164', '\u2800\u2800', '\u200d'])(
    '[CB32] text with nothing to see is blank: %j',
    (typed) => {
      expect(taken(line(100), typed)).toBeNull();
    },
  );

  test('joiners that scripts and emoji need stay', () => {
    expect(taken(line(100), '\u{1f469}\u200d\u{1f680}')).toBe('\u{1f469}\u200d\u{1f680}');
  });

  test('the bound is on what is kept, and a text that grows beyond it is refused', () => {
    expect(taken(line(3), ' abc ')).toBe('abc');
    expect(taken(line(3), 'abcd')).toBeNull();
    expect(taken(line(3), '\ufdfa')).toBeNull();
  });

  test('several lines keep their breaks, and a search may be empty', () => {
    expect(taken(paragraphs(100), 'a\n\tb')).toBe('a\n\tb');
    expect(taken(optionalLine(100), '  ')).toBe('');
  });
});
