import { UP } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import { CONDUCT } from './session-state.ts';

describe('the conduct of a session', () => {
  const types = UP.map((def) => def.type);

  test('the conduct of a session is settled for every message in every state', () => {
    for (const row of Object.values(CONDUCT)) expect(Object.keys(row).sort()).toEqual([...types].sort());
  });

  test('[A1] a session lets only an account with a live token near what needs one', () => {
    const open = new Set(['hello', 'authenticate', 'join', 'leave', 'unwatch', 'sync-time']);
    for (const type of types.filter((name) => !open.has(name))) {
      const states = Object.entries(CONDUCT).filter(([, row]) => row[type] === 'do');
      expect(states.map(([state]) => state)).toEqual(['signed-in']);
    }
  });

  test('[H4] a session takes a hello once', () => {
    const states = Object.entries(CONDUCT).filter(([, row]) => row.hello === 'do');
    expect(states.map(([state]) => state)).toEqual(['opened']);
  });
});
