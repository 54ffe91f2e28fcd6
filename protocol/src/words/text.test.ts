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

  test.each([
    ['a variation selector', '\ufe0f'],
    ['a grapheme joiner', '\u034f'],
    ['an ideographic selector', '\u{e0100}'],
    ['a Khmer inherent vowel', '\u17b4'],
    ['a Mongolian selector', '\u180b'],
    ['a Hangul filler', '\u3164'],
    ['tag letters', '\u{e0041}\u{e0042}'],
    ['joiners and selectors', '\u200d\ufe0f\u200c'],
  ])('[CB32] text of only %s is blank', (_, typed) => {
    expect(taken(line(100), typed)).toBeNull();
  });

  test.each([
    ['an Arabic letter mark', 'A\u061cB'],
    ['a Mongolian vowel separator', 'A\u180eB'],
    ['a tag letter', 'A\u{e0041}B'],
    ['a tag sequence that is no flag', '\u{1f3f4}\u{e0068}\u{e0069}\u{e007f}'],
    ['an interlinear annotation', 'A\ufff9B'],
    ['a musical format character', 'A\u{1d173}B'],
    ['a shorthand format character', 'A\u{1bca0}B'],
    ['a grapheme joiner', 'A\u034fB'],
    ['an ideographic selector after a letter', 'A\u{e0100}B'],
    ['a selector after a blank', 'A \ufe0fB'],
    ['a Hangul filler', 'A\u3164B'],
  ])('[CB32] %s inside text is refused, on one line and on several', (_, typed) => {
    expect(taken(line(100), typed)).toBeNull();
    expect(taken(paragraphs(100), typed)).toBeNull();
    expect(taken(optionalLine(100), typed)).toBeNull();
  });

  test('[CB32] of all of Unicode, what is ignorable passes only with what it belongs to', () => {
    const passing: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (!/[\p{Default_Ignorable_Code_Point}\p{Cf}]/u.test(character)) continue;
      if (line(100).safeParse(`A${character}B`).success) passing.push(code.toString(16));
    }
    const selectors = Array.from({ length: 16 }, (_, i) => `fe0${i.toString(16)}`);
    const signs = [
      '600',
      '601',
      '602',
      '603',
      '604',
      '605',
      '6dd',
      '70f',
      '890',
      '891',
      '8e2',
      '110bd',
      '110cd',
    ];
    expect(new Set(passing)).toEqual(new Set(['200c', '200d', ...selectors, ...signs]));
  });

  test.each([
    ['emoji with a joiner', '\u{1f469}\u200d\u{1f680}'],
    ['a heart in colour', 'Love \u2764\ufe0f'],
    ['a keycap', '1\ufe0f\u20e3'],
    ['a couple', '\u{1f469}\u200d\u2764\ufe0f\u200d\u{1f468}'],
    ['the flag of Scotland', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a Japanese name', '\u845b\u{e0100}\u57ce'],
    ['Persian with a joiner', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['a Mongolian word', '\u182e\u180b\u1820\u180e\u1820'],
    ['the end of a verse', '\u06dd\u0661'],
  ])('[CB32] %s stays as it was typed', (_, typed) => {
    expect(taken(line(100), typed)).toBe(typed);
    expect(taken(paragraphs(100), typed)).toBe(typed);
  });

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
