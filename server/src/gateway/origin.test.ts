import { describe, expect, test } from 'vitest';
import { originPolicy } from './origin.ts';

describe('[H3] the origin policy', () => {
  const policy = originPolicy(['https://tickets.example', 'self'], true);

  test.each([
    ['https://tickets.example', 'api.example', true],
    ['HTTPS://Tickets.Example', 'api.example', true],
    ['http://localhost:3000', 'localhost:3000', true],
    ['http://tickets.example', 'api.example', false],
    ['https://tickets.example:444', 'api.example', false],
    ['https://tickets.example.evil.example', 'api.example', false],
    ['https://evil.example/https://tickets.example', 'api.example', false],
    ['http://localhost:3001', 'localhost:3000', false],
    ['null', 'localhost:3000', false],
    ['null', '', false],
    ['http://', '', false],
  ])('%s asking %s: %s', (origin, host, allowed) => {
    expect(policy(origin, host)).toBe(allowed);
  });

  test('the origin policy lets programs without an origin in only where that is allowed', () => {
    expect(policy('', 'localhost')).toBe(true);
    expect(originPolicy(['self'], false)('', 'localhost')).toBe(false);
  });
});
