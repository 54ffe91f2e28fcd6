import { testRedisUrl } from '@seatwire/store/testing';
import { expect, test } from 'vitest';
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

test('[IN1] [IN2] [IN3] [IN4] [IN5] [IN7] [IN8] the scripts answer random commands as the model does', async () => {
  expect(await comparing(200, {})).toBeGreaterThan(2_000);
}, 120_000);

// Controls: the comparison above means something only if it sees a script that is wrong.
test.each([
  ['that let seats be left alone', { 'lib/orphans.lua': 'local function orphans() return {} end\n' }],
  ['that never end overdue holds', { 'lib/expire.lua': 'local function end_due() return 0 end\n' }],
  ['that never remind the sweeper', { 'lib/remind.lua': 'local function remind() end\n' }],
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
