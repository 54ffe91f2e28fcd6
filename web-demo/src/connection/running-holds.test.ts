import { type EventId, type UserId, uuidv7 } from '@seatwire/protocol';
import { beforeEach, expect, test } from 'vitest';
import { RunningHolds } from './running-holds.ts';

const event = uuidv7() as EventId;
const [ann, bob] = [uuidv7() as UserId, uuidv7() as UserId];

let tabs: RunningHolds[];
const tab = (): RunningHolds => {
  const made: RunningHolds = new RunningHolds((news) => {
    for (const other of tabs) if (other !== made) other.hear(news);
  });
  tabs.push(made);
  return made;
};
const known = ({ holds }: RunningHolds) => holds.get().map(({ until }) => until);
beforeEach(() => {
  tabs = [];
});

test('[CD24] what one tab holds the others know: those that are there, and those that come later', () => {
  const [a, b] = [tab(), tab()];
  for (const one of tabs) one.follow(ann);
  a.at(event, [100, 200]);
  const c = tab();
  c.follow(ann);
  expect([a, b, c].map(known)).toEqual([
    [100, 200],
    [100, 200],
    [100, 200],
  ]);
  b.at(event, []);
  expect([a, b, c].map(known)).toEqual([[], [], []]);
});

test('[CD24] [CB13] a user hears neither of what another holds, nor of what was held before a sign-out', () => {
  const [a, b] = [tab(), tab()];
  a.follow(ann);
  b.follow(bob);
  a.at(event, [100]);
  expect(known(b)).toEqual([]);
  b.follow(ann);
  expect(known(b)).toEqual([100]);
  a.follow(null);
  expect(known(a)).toEqual([]);
});
