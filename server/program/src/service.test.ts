import { beforeEach, expect, test } from 'vitest';
import { type Service, service, startServices } from './service.ts';

let story: string[];
beforeEach(() => {
  story = [];
});

const fails = (name: string) => () => Promise.reject(new Error(`${name} fails`));

function recorded(name: string, changed: Partial<Service> = {}): Service {
  const note = (what: string) => async () => void story.push(`${name} ${what}`);
  return { name, start: note('started'), drain: note('drained'), stop: note('stopped'), ...changed };
}

test('services start in order, and end in reverse: all drain before the first stops', async () => {
  const end = await startServices([recorded('a'), recorded('b')]);
  await end();
  expect(story).toEqual(['a started', 'b started', 'b drained', 'a drained', 'b stopped', 'a stopped']);
});

test('a stage drains only when those on top of it have drained; services of one stage drain side by side', async () => {
  let release = (): void => undefined;
  const slow = () =>
    new Promise<void>((done) => {
      story.push('c drains');
      release = done;
    });
  const end = await startServices([
    recorded('a'),
    [recorded('b'), recorded('c', { drain: slow })],
    recorded('d'),
  ]);
  story = [];
  const ending = end();
  await new Promise((resolve) => setImmediate(resolve));
  expect(story).toEqual(['d drained', 'b drained', 'c drains']);
  release();
  await ending;
  expect(story.slice(3)).toEqual(['a drained', 'd stopped', 'c stopped', 'b stopped', 'a stopped']);
});

test('when a service does not start, those before it are ended and its error is thrown', async () => {
  const broken = recorded('b', { start: fails('b') });
  await expect(startServices([recorded('a'), broken, recorded('c')])).rejects.toThrow('b fails');
  expect(story).toEqual(['a started', 'a drained', 'a stopped']);
});

test('when the list fails on the way, what it gave before is ended', async () => {
  async function* list() {
    yield recorded('a');
    throw new Error('the store does not answer');
  }
  await expect(startServices(list())).rejects.toThrow('the store does not answer');
  expect(story).toEqual(['a started', 'a drained', 'a stopped']);
});

test('a service that fails to end keeps none of the others from ending', async () => {
  const broken = recorded('b', { drain: fails('b'), stop: fails('b') });
  const end = await startServices([recorded('a'), [broken, recorded('c')]]);
  story = [];
  await expect(end()).rejects.toThrow('b fails');
  expect(story).toEqual(['c drained', 'a drained', 'c stopped', 'a stopped']);
});

test('what a service leaves out does nothing', async () => {
  const end = await startServices([service('a', { stop: async () => void story.push('a stopped') })]);
  await end();
  expect(story).toEqual(['a stopped']);
});
