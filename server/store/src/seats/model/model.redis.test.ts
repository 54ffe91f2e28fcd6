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

test('[IN1] [IN2] [IN3] [IN4] [IN5] [IN7] [IN8] the scripts answer random commands as the model does', async () => {
  expect(await comparing(200, {})).toBeGreaterThan(2_000);
}, 120_000);

/** The include with functions added behind its own, which its callers then get instead. */
const planted = (file: string, ...functions: readonly string[]) => ({
  [file]: scriptFile(file) + functions.map((text) => `local function ${text}\n`).join(''),
});

/** The group's script without some of its words. */
function without(words: string) {
  const text = scriptFile('hold-many.lua');
  if (!text.includes(words)) throw new Error(`hold-many.lua does not say: ${words}`);
  return { 'hold-many.lua': text.replace(words, '') };
}

function withRefusalsForAll() {
  const text = scriptFile('hold-many.lua');
  const loop = /(answers\[i \+ 1\] = judge\(.*\))\n/;
  return {
    'hold-many.lua': text.replace(
      loop,
      "$1\nif string.sub(answers[i + 1], 1, 3) == 'no ' then rules = nil end\n",
    ),
  };
}

// Controls: the comparison above means something only if it sees a script that is wrong.
test.each([
  ['that let seats be left alone', planted('lib/orphans.lua', 'orphans() return {} end')],
  [
    'that never end overdue holds',
    planted('lib/overdue.lua', 'end_due() return 0 end', 'cleared() return false end'),
  ],
  ['that never remind the sweeper', planted('lib/event.lua', 'remind() end')],
  ['that forget what a buyer got in the same group', without('unwritten[entry_field] or ')],
  ['that forget what was answered in the same group', without('unwritten[OP] or ')],
  ['that forget which hold ids a group has used', without('unwritten[hold_field] or ')],
  ['that end overdue holds before they write what was granted', without('  write()\n')],
  ['that let one refusal refuse the rest of a group', withRefusalsForAll()],
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
