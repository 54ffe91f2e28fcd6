import { describe, expect, test } from 'vitest';
import { codingFor, isKnown, prefersPage } from './negotiation.ts';

describe('the coding', () => {
  test.each<[string | null, string | null]>([
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['BR', 'br'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['br;q=0', null],
    ['br;q=0, gzip', 'gzip'],
    ['br ; Q=0.000,gzip ; q=0.001', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0.5, identity;q=0.8', null],
    ['identity, br', 'br'],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['*', 'br'],
    ['*;q=0', null],
    ['br;q=0, *', 'gzip'],
    ['*;q=0, gzip', 'gzip'],
    ['brotli', null],
    ['x-br, not-gzip', null],
    ['br;q=2', null],
    ['br;q=nan', null],
    ['br;q=', null],
    ['br;level=9;q=0', null],
    ['', null],
    [',;,', null],
    [null, null],
  ])('[CB58] the coding for accept-encoding %j is %s', (header, coding) => {
    expect(codingFor(header, ['br', 'gzip'])).toBe(coding);
  });

  test('[CB58] the coding of an answer is one there is', () => {
    expect(codingFor('br, gzip;q=0.5', ['gzip'])).toBe('gzip');
    expect(codingFor('br, gzip', [])).toBeNull();
  });
});

describe('content that the caller has', () => {
  test.each<[string | null, boolean]>([
    ['"a,b"', true],
    ['W/"a,b"', true],
    ['"x", W/"y" ,"a,b"', true],
    ['*', true],
    [' * ', true],
    ['"a"', false],
    ['"xa,bx"', false],
    ['a,b', false],
    ['"x", "*"', false],
    ['"a,b', false],
    ['w/"a,b"', false],
    ['', false],
    [null, false],
  ])('[CB58] content that the caller has, by if-none-match %j: %s', (header, known) => {
    expect(isKnown(header, '"a,b"')).toBe(known);
    expect(isKnown(header, 'W/"a,b"')).toBe(known);
  });
});

test.each<[string | null, boolean]>([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['text/*', true],
  ['*/*', false],
  ['application/json', false],
  ['text/html;q=0, */*', false],
  ['application/json, text/html;q=0.5', false],
  ['text/html-sandboxed', false],
  [null, false],
])('[CB58] of accept %j a page is preferred: %s', (header, page) => {
  expect(prefersPage(header)).toBe(page);
});
