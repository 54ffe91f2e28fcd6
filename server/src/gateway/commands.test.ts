import { ANONYMOUS, type Principal } from '@seatwire/domain';
import { type OpId, refused, type UserId, uuidv7 } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import type { DomainCommand } from './command.ts';
import { carryOut } from './commands.ts';
import { ScriptedDomain } from './testing/system.ts';

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
