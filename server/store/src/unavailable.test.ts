import { expect, test } from 'vitest';
import { asUnavailable } from './redis/unavailable.ts';
import { explainUnavailable, inTime, Unavailable } from './unavailable.ts';

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });

test.each([
  ['redis', 'REDIS_URL'],
  ['postgres', 'DATABASE_URL'],
  ['mongo', 'MONGO_URL'],
  ['payments', 'PAYMENT_PROVIDER'],
] as const)('a lost %s is told with the option that says where it is', (dependency, option) => {
  const error = new Unavailable(dependency, 'It does not answer.');
  expect(explainUnavailable(error)).toBe(`It does not answer.\nIs ${option} right?`);
});

test('what does not answer in time is Unavailable, by the name people know', async () => {
  const never = new Promise<number>(() => undefined);
  await expect(inTime('postgres', 1, never)).rejects.toMatchObject({
    name: 'Unavailable',
    dependency: 'postgres',
    message: 'Postgres did not answer within 1 ms.',
  });
  expect(await inTime('postgres', 60_000, Promise.resolve(1))).toBe(1);
});

test('any other error is not explained as a lost dependency', () => {
  expect(explainUnavailable(new TypeError('undefined is not a function'))).toBeNull();
});

test.each(['READONLY You cannot write', 'OOM command not allowed', 'CLUSTERDOWN', 'LOADING', 'NOAUTH'])(
  'the reply %s says that Redis is lost for now',
  (message) => {
    expect(asUnavailable(reply(message))).toMatchObject({ name: 'Unavailable', dependency: 'redis' });
  },
);

test.each(['ERR wrong number of arguments', 'WRONGTYPE', 'CROSSSLOT', 'NOGROUP'])(
  'the reply %s is a defect of ours and is thrown as it is',
  (message) => {
    const error = reply(message);
    expect(asUnavailable(error)).toBe(error);
  },
);
