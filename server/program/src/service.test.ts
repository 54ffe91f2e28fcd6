import { expect, test } from 'vitest';
import { type Service, startServices } from './service.ts';

function recorded(story: string[], name: string, start: () => Promise<void> = async () => {}): Service {
  return {
    name,
    async start() {
      await start();
      story.push(`${name} started`);
    },
    async drain() {
      story.push(`${name} drained`);
    },
    async stop() {
      story.push(`${name} stopped`);
    },
  };
}

test('services start in order; at the end all drain before the first stops, and they stop in reverse', async () => {
  const story: string[] = [];
  const end = await startServices([recorded(story, 'a'), recorded(story, 'b')]);
  await end();
  expect(story).toEqual(['a started', 'b started', 'a drained', 'b drained', 'b stopped', 'a stopped']);
});

test('when a service does not start, those before it are ended and its error is thrown', async () => {
  const story: string[] = [];
  const broken = recorded(story, 'b', () => Promise.reject(new Error('the port is taken')));
  await expect(startServices([recorded(story, 'a'), broken, recorded(story, 'c')])).rejects.toThrow('taken');
  expect(story).toEqual(['a started', 'a drained', 'a stopped']);
});
