/** Faults planted into the evidence, never into the system: each one must turn the verdict. `wrong-map` is planted in a client. */
import type { Plant } from './config.ts';
import type { Evidence } from './proof.ts';

export function planted(plant: Plant | null, evidence: Evidence): Evidence {
  const { orders } = evidence;
  const [victim] = orders.filter((order) => order.status === 'confirmed');
  if (victim === undefined) return evidence;
  if (plant === 'double-sale') {
    const id = 'ffffffff-ffff-7fff-8fff-ffffffffffff' as typeof victim.id;
    return { ...evidence, orders: [...orders, { ...victim, id }] };
  }
  if (plant === 'lost-ticket') return { ...evidence, orders: orders.filter((order) => order !== victim) };
  if (plant === 'wrong-price') {
    const dearer = victim.tickets.map((ticket) => ({ ...ticket, price: ticket.price + 1 }));
    const wrong = { ...victim, tickets: dearer };
    return { ...evidence, orders: orders.map((order) => (order === victim ? wrong : order)) };
  }
  return evidence;
}
