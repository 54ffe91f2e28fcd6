import { ANONYMOUS, type Principal } from '@seatwire/domain';
import {
  COMMANDS,
  type CommandType,
  type HoldId,
  type OpId,
  refused,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { refusalGuard } from '../refusal-guard.ts';
import type { DomainCommand } from './command.ts';
import { COMMAND_ROWS, carryOut } from './commands.ts';
import { ScriptedDomain, startSystem } from './testing/system.ts';
import { WireClient } from './testing/wire-client.ts';

const hold = { type: 'hold', op: 'some-op-1' as OpId, event: uuidv7(), places: [3] } as DomainCommand;
const customer: Principal = { user: uuidv7() as UserId, role: 'customer', expiresAt: null };

test('[SE7] the domain is asked nothing for an anonymous visitor or a token that has run out', async () => {
  const domain = new ScriptedDomain();
  expect(await carryOut(domain, ANONYMOUS, hold)).toEqual(refused('unauthenticated'));
  const late = { ...customer, expiresAt: Date.now() - 1 };
  expect(await carryOut(domain, late, hold)).toEqual(refused('token_expired'));
  expect(domain.peak).toBe(0);
  expect(await carryOut(domain, customer, hold)).toMatchObject({ type: 'held', op: hold.op, places: [3] });
  expect(domain.peak).toBe(1);
});

test('each command is carried out by one row, but for the three that are the session’s own', () => {
  const own: CommandType[] = ['authenticate', 'join', 'watch'];
  const carried = COMMAND_ROWS.map(({ declared }) => declared.type);
  expect([...carried, ...own].sort()).toEqual(Object.keys(COMMANDS).sort());
});

test('a command that answers with a code it does not declare is a defect, and in production a report', async () => {
  for (const reports of [null, [] as unknown[]]) {
    const system = await startSystem({
      guard: refusalGuard(reports && ((error) => reports.push(error))),
    });
    system.domain.holds.release = async () => refused('extension_limit');
    const client = await WireClient.open(system.url, system.tokenOf());
    client.say({
      type: 'release',
      op: 'some-op-2' as OpId,
      event: system.event,
      hold: 'A'.repeat(22) as HoldId,
    });
    const { code } = await client.next('rejected');
    expect(code).toBe(reports ? 'extension_limit' : 'internal');
    expect(reports ?? system.defects).toMatchObject([
      { message: 'release answered extension_limit, which it does not declare' },
    ]);
    await client.close();
    await system.stop();
  }
});
