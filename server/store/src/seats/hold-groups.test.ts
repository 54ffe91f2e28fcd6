import { type EventId, uuidv7 } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import { type GroupBounds, HoldGroups } from './hold-groups.ts';

const EVENT = uuidv7() as EventId;
const OTHER = uuidv7() as EventId;
// What an answer lets go leaves at the end of the turn that the answer came in.
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** Calls stay under way until they are answered by hand. */
function stage(changed: Partial<GroupBounds> = {}) {
  const bounds = { most: 4, heaviest: 100, underWay: 2, waiting: 100, waitMs: 500, ...changed };
  const calls: { event: EventId; commands: readonly number[]; answer(): void; fail(error: Error): void }[] =
    [];
  const clock = { now: 0 };
  const groups = new HoldGroups<number, string>({
    send: (event, commands) =>
      new Promise((resolve, reject) => {
        calls.push({
          event,
          commands,
          answer: () => resolve(commands.map((n) => `answer ${n}`)),
          fail: reject,
        });
      }),
    weightOf: (command) => command,
    bounds,
    now: () => clock.now,
  });
  return { groups, calls, clock, sent: () => calls.map(({ commands }) => commands) };
}

describe('commands of one event that meet', () => {
  test('one that is alone leaves alone, at the end of its turn', async () => {
    const { groups, calls, sent } = stage();
    const asked = groups.ask(EVENT, 1);
    expect(calls).toHaveLength(0);
    await turn();
    expect(sent()).toEqual([[1]]);
    calls[0]!.answer();
    expect(await asked).toBe('answer 1');
  });

  test('commands of one turn leave together, in order, and each gets its own answer', async () => {
    const { groups, calls, sent } = stage();
    const asked = [1, 2, 3].map((n) => groups.ask(EVENT, n));
    await turn();
    expect(sent()).toEqual([[1, 2, 3]]);
    calls[0]!.answer();
    expect(await Promise.all(asked)).toEqual(['answer 1', 'answer 2', 'answer 3']);
  });

  test('groups have a bound, and what comes while enough are under way waits and grows into the next', async () => {
    const { groups, calls, sent } = stage();
    for (let n = 1; n <= 9; n++) void groups.ask(EVENT, n);
    await turn();
    expect(sent()).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    void groups.ask(EVENT, 10);
    await turn();
    expect(calls).toHaveLength(2);
    calls[1]!.answer();
    await turn();
    expect(sent()[2]).toEqual([9, 10]);
  });

  test('events do not wait for each other', async () => {
    const { groups, calls } = stage({ most: 1, underWay: 1 });
    void groups.ask(EVENT, 1);
    void groups.ask(EVENT, 2);
    void groups.ask(OTHER, 3);
    await turn();
    expect(calls.map(({ event, commands }) => [event, commands])).toEqual([
      [EVENT, [1]],
      [OTHER, [3]],
    ]);
  });

  test('a group that fails does so for its own commands only, and the next one goes', async () => {
    const { groups, calls, sent } = stage({ most: 2, underWay: 1 });
    const asked = [1, 2, 3].map((n) => groups.ask(EVENT, n).catch((error: Error) => error.message));
    await turn();
    calls[0]!.fail(new Error('gone'));
    await turn();
    calls[1]!.answer();
    expect(await Promise.all(asked)).toEqual(['gone', 'gone', 'answer 3']);
    expect(sent()).toEqual([[1, 2], [3]]);
  });

  test('[CX6] beyond the bound of those that wait, one more is refused at once and never sent', async () => {
    const { groups, calls, sent } = stage({ most: 1, underWay: 1, waiting: 2 });
    void groups.ask(EVENT, 1);
    await turn();
    void groups.ask(EVENT, 2);
    void groups.ask(EVENT, 3);
    expect(await groups.ask(EVENT, 4)).toBe('overloaded');
    for (let i = 0; i < 3; i++) {
      calls[i]!.answer();
      await turn();
    }
    expect(sent()).toEqual([[1], [2], [3]]);
  });

  test('a command that waited too long is refused, and never sent; one that came later is not', async () => {
    const { groups, calls, clock, sent } = stage({ underWay: 1, waitMs: 20 });
    void groups.ask(EVENT, 1);
    await turn();
    const late = groups.ask(EVENT, 2);
    clock.now = 15;
    const inTime = groups.ask(EVENT, 3);
    clock.now = 20;
    expect(await late).toBe('overloaded');
    calls[0]!.answer();
    await turn();
    expect(sent()).toEqual([[1], [3]]);
    calls[1]!.answer();
    expect(await inTime).toBe('answer 3');
  });

  test('a command that is late because this process stood still is sent where there is room', async () => {
    const { groups, calls, clock, sent } = stage();
    const asked = groups.ask(EVENT, 1);
    clock.now = 5_000;
    await turn();
    expect(sent()).toEqual([[1]]);
    calls[0]!.answer();
    expect(await asked).toBe('answer 1');
  });

  test('the weight of a group is bounded, and a command heavier than that goes alone', async () => {
    const { groups, calls, sent } = stage({ heaviest: 10, underWay: 9 });
    for (const n of [4, 5, 2, 30, 1]) void groups.ask(EVENT, n);
    await turn();
    expect(sent()).toEqual([[4, 5], [2], [30], [1]]);
    for (const call of calls) call.answer();
  });

  test('[CX6] a command that waits for a store that does not answer is refused in time all the same', async () => {
    const { groups, calls, clock, sent } = stage({ underWay: 1, waitMs: 20 });
    void groups.ask(EVENT, 1);
    await turn();
    const late = groups.ask(EVENT, 2);
    clock.now = 20;
    expect(await late).toBe('overloaded');
    calls[0]!.answer();
    await turn();
    expect(sent()).toEqual([[1]]);
  });
});
