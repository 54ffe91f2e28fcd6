import { expect, test } from 'vitest';
import { readableAddress } from './mail-address.ts';

test.each([
  'bücher.example',
  'ñandú.example',
  'ελλάδα.example',
  '日本語.example',
  'a-ü-b.example',
  'пример.example',
])('[CD18] an address at %s is shown in its own letters', (domain) => {
  const ascii = new URL(`http://${domain}`).hostname;
  expect(ascii).toMatch(/xn--/);
  expect(readableAddress(`ann@${ascii}`)).toBe(`ann@${domain}`);
});

test('[CD18] what is no such spelling, or would hide something, is shown as it is', () => {
  for (const address of [
    'ann@test.example',
    'ann@xn--.example',
    'ann@xn--a.example',
    'ann@xn--!!!.test',
    'ann',
  ])
    expect(readableAddress(address)).toBe(address);
});
