/** Paying for the basket: hold by hold, the one that ends first first. What one card does not pay stays held. */
import { UNKNOWN } from './ask-again.ts';
import { over } from './keeping.ts';
import type { SaleDesk } from './sale-desk.ts';
import type { Hold } from './sale-state.ts';

/** Names the method where nothing is charged: the server does not look at it then. */
const NOTHING_TO_PAY = 'none';

/** `method` null: the basket costs nothing. */
export function pay(desk: SaleDesk, method: string | null): Promise<void> {
  return desk.during('pay', async (current) => {
    const inOrder = desk.now.holds.toSorted((a, b) => a.expiresAt - b.expiresAt);
    for (const { hold } of inOrder) {
      const still = desk.now.holds.find((one) => one.hold === hold);
      if (still && !(await payOne(desk, still, method ?? NOTHING_TO_PAY, current))) return;
      if (!current()) return;
    }
  });
}

/** False: nothing more is to be paid with this card now. */
async function payOne(
  desk: SaleDesk,
  before: Hold,
  method: string,
  current: () => boolean,
): Promise<boolean> {
  const { client, event } = desk.options;
  const { hold } = before;
  const checkedOut = await desk.ask(current, (asked) => client.checkout(event, hold, asked));
  if (!current()) return false;
  if (checkedOut.ok) {
    const { order, expiresAt } = checkedOut;
    desk.apply({ type: 'checked-out', hold, order, expiresAt });
  } else if (checkedOut.code !== 'hold_paying') {
    return failed(desk, before, checkedOut.code, method);
  }
  // A payment that is under way already (a repeat after a lost answer) may go on.
  desk.apply({ type: 'paying', hold });
  const paid = await desk.ask(current, (asked) => client.pay(event, hold, method, asked));
  if (!current()) return false;
  if (!paid.ok) return failed(desk, before, paid.code, method);
  desk.apply({ type: 'accepted', hold, order: paid.order });
  return true;
}

/** Says so at the Pay button, unless the hold has ended meanwhile: then that was said, and is what matters. */
function failed(
  desk: SaleDesk,
  { hold, expiresAt }: Hold,
  code: Parameters<SaleDesk['refuse']>[0],
  method: string,
): boolean {
  if (over(desk, hold, code)) return true;
  // The declined hold has at least what was left before; how much exactly, the server is asked.
  if (code === 'payment_declined') desk.apply({ type: 'declined', hold, expiresAt });
  desk.refuse(UNKNOWN.has(code as 'unavailable') ? 'payment_unheard' : code, 'pay', { method });
  void desk.own.find();
  return false;
}
