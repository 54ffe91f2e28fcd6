import { testRedisUrl } from '@seatwire/store/testing';
import { expect, test } from 'vitest';
import { scriptFile } from '../scripts.ts';
import { compare } from './compare.ts';
import { openOnVirtualClock } from './virtual-clock.ts';

async function comparing(runs: number, scriptIncludes: Record<string, string>): Promise<number> {
  const { store, clock } = await openOnVirtualClock({ url: testRedisUrl(), scriptIncludes });
  let commands = 0;
  try {
    await compare(store, clock, { runs, shrink: false, onRun: (steps) => (commands += steps) });
  } finally {
    await store.close();
  }
  return commands;
}

test('[I1] [I2] [I3] [I4] [I5] [I7] [I8] the scripts answer random commands as the model does', async () => {
  expect(await comparing(200, {})).toBeGreaterThan(2_000);
}, 120_000);

/** The include with functions that come behind its own, and so before them for whoever calls. */
const planted = (file: string, ...functions: readonly string[]) => ({
  [file]: scriptFile(file) + functions.map((text) => `local function ${text}\n`).join(''),
});

// Controls: the comparison above means something only if it sees a script that is wrong.
test.each([
  ['that let seats be left alone', planted('lib/orphans.lua', 'orphans() return {} end')],
  [
    'that never end overdue holds',
    planted('lib/overdue.lua', 'end_due() return 0 end', 'cleared() return false end'),
  ],
  ['that never remind the sweeper', planted('lib/event.lua', 'remind() end')],
])(
  'control: scripts %s are caught',
  async (_, planted) => {
    await expect(comparing(400, planted)).rejects.toMatchObject({
      message: expect.stringContaining('Property failed'),
      cause: { message: expect.stringContaining('differs after step') },
    });
  },
  120_000,
);
