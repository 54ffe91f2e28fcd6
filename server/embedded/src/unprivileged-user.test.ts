import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { commandAs } from './unprivileged-user.ts';

const command = { file: '/bin/sh', args: ['-c', 'true'] };
const somebodyElse = { uid: (process.getuid?.() ?? 0) + 1, gid: (process.getgid?.() ?? 0) + 1 };

let closed: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  closed = await temporaryFolder();
  await writeFile(join(closed.path, 'file'), '');
});
afterEach(() => closed.remove());

test('without another user the command stays as it is', () => {
  expect(commandAs(undefined, command, [join(closed.path, 'file')])).toBe(command);
});

test('where the user may enter, the command runs as that user, with no capability', () => {
  expect(commandAs(somebodyElse, command, ['/bin/sh'])).toEqual({ ...command, ...somebodyElse });
});

test('into a folder closed to the user, the command is let through by one capability', () => {
  const through = commandAs(somebodyElse, command, ['/bin/sh', join(closed.path, 'file')]);
  expect(through.file).toMatch(/\/setpriv$/);
  expect(through.args).toEqual([
    `--reuid=${somebodyElse.uid}`,
    `--regid=${somebodyElse.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--securebits=+no_setuid_fixup',
    '/bin/sh',
    '-c',
    'true',
  ]);
  expect(through).not.toHaveProperty('uid');
});
