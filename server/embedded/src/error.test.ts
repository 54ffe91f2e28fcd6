import { expect, test } from 'vitest';
import { explainLog, folderError, unsupportedPlatform } from './error.ts';

test.each([
  [
    'port_taken',
    '# Warning: Could not create server TCP listening socket 127.0.0.1:6379: bind: Address already in use',
    'Port 6379',
  ],
  ['port_taken', 'LOG:  could not bind IPv4 address "127.0.0.1": Address in use', 'Port 6379'],
  ['port_taken', 'listen EADDRINUSE: address already in use 127.0.0.1:6379', 'another program'],
  [
    'disk_full',
    'FATAL:  could not write lock file "postmaster.pid": No space left on device',
    'Free some space',
  ],
  [
    'unsupported_platform',
    "redis-server: /lib/libc.so.6: version `GLIBC_2.38' not found (required by redis-server)",
    'REDIS_URL',
  ],
  [
    'unsupported_platform',
    'redis-server: error while loading shared libraries: libsystemd.so.0: cannot open shared object file',
    'libsystemd',
  ],
  ['folder_unusable', "Can't open the append-only file: Permission denied", 'Check its owner'],
  ['user_unsuitable', 'setpriv: cap_set_ambient failed: Operation not permitted', 'Start as another user'],
  ['folder_unusable', "# Can't handle RDB format version 12", 'another version of Redis'],
  ['start_failed', 'Bad directive or wrong number of arguments', 'Bad directive'],
  [
    'start_failed',
    "redis-server: libstdc++.so.6: weak version `GLIBCXX_3.4.32' not found (required by redis-server)\nBad file format",
    'Bad file format',
  ],
] as const)('a store that gives up is explained as %s: %s', (code, log, hint) => {
  const error = explainLog('Redis', '/data/redis', 6379, `starting\n${log}\n`);
  expect(error.code).toBe(code);
  expect(error.message).toContain(hint);
});

test('a full disk is told from a folder that is not ours', () => {
  expect(folderError('/data', Object.assign(new Error('x'), { code: 'ENOSPC' })).code).toBe('disk_full');
  const denied = folderError('/data', Object.assign(new Error('x'), { code: 'EACCES' }));
  expect([denied.code, denied.message.includes('/data'), denied.message.includes('EACCES')]).toEqual([
    'folder_unusable',
    true,
    true,
  ]);
});

test('a missing platform names the variable that points at a real server', () => {
  expect(unsupportedPlatform('Postgres', 'npm brings none.').message).toContain('DATABASE_URL');
  expect(unsupportedPlatform('MongoDB', 'npm brings none.').message).toContain('MONGO_URL');
});
