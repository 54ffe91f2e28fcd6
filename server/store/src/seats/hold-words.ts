/** A hold as the scripts read it: the nine words of scripts/hold.lua and scripts/hold-best.lua, which a group repeats for each of its holds. */
import { holdDigest } from './command-shape.ts';
import type { ScriptArgument } from './script-calls.ts';
import type { HoldCommand } from './seat-store.ts';

export function holdWords(command: HoldCommand): ScriptArgument[] {
  const { buyer, op, hold, priceRevision, want } = command;
  const head = [holdDigest(want), buyer, hold, `${buyer}:${op}`, priceRevision];
  if (want.kind === 'best') {
    const stretches = want.stretches.map(({ first, count, price }) => `${first},${count},${price}`);
    return [...head, want.count, want.together ? 'together' : 'apart', stretches.join(';'), ''];
  }
  const order = want.places.map((_, i) => i).sort((a, b) => want.places[a]! - want.places[b]!);
  const places = order.map((i) => want.places[i]!);
  const prices = order.map((i) => want.prices[i]);
  const first = places.at(-1)! - places[0]! === places.length - 1 ? places[0]! : '';
  return [...head, places.length, places.join(), prices.join(), first];
}

/** What it may cost the store: a place each, and where to look for the best ones. */
export function weightOfHold({ want }: HoldCommand): number {
  return want.kind === 'places' ? want.places.length : want.count + want.stretches.length;
}
