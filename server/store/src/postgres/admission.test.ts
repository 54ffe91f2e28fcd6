import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test('no more than its width are inside at once, and the others enter in order', async () => {
  const admission = new Admission(2, 10, 1_000);
  const gates = Array.from({ length: 4 }, gate);
  const entered: number[] = [];
  const runs = gates.map(({ opened }, i) =>
    admission.run(async () => {
      entered.push(i);
      await opened;
      return i;
    }),
  );
  expect(entered).toEqual([0, 1]);
  gates[1]!.open();
  await runs[1];
  expect(entered).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  expect(await Promise.all(runs)).toEqual([0, 1, 2, 3]);
});

test('one too many in line is turned away at once, and one who waits too long later; neither keeps a place', async () => {
  const admission = new Admission(1, 1, 20);
  const { open, opened } = gate();
  const inside = admission.run(() => opened);
  const waiting = admission.run(async () => 'late');
  await expect(admission.run(async () => 'turned away')).rejects.toThrow(/overloaded/);
  await expect(waiting).rejects.toMatchObject({ name: 'Unavailable', dependency: 'postgres' });
  open();
  await inside;
  expect(await admission.run(async () => 'free again')).toBe('free again');
});

test('a failure gives its place back', async () => {
  const admission = new Admission(1, 1, 1_000);
  await expect(admission.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await admission.run(async () => 'in')).toBe('in');
});
