/** I3: versions, the journal and the feed tell the same story, without gaps. */

import { describe, expect, test } from 'vitest';
import type { SeatStore } from '../seat-store.ts';
import type { Transition } from '../transition.ts';
import { arena, granted, newBuyer, newEpoch, newHold, newOrder, until } from './fixture.ts';

export function transitionsContract(store: () => SeatStore): void {
  describe('transitions', () => {
    test('[IN3] each change of the map is one version, one journal entry and one published transition', async () => {
      const a = await arena(store(), { sold: [{ place: 20, fence: 7, buyer: newBuyer() }], fence: 7 });
      const heard: Transition[] = [];
      const leave = await store().subscribe(a.event, (transition) => heard.push(transition));
      const { hold, order } = await a.paying([1, 2]);
      granted(await store().extend(a.ref((await a.held([3])).hold)));
      granted(await store().revert(a.ref(hold)));
      granted(await store().checkout({ ...a.ref(hold), order: newOrder() }));
      granted(await store().confirm({ ...a.ref(hold), order, payment: 'x' }));
      granted(await store().cancel({ event: a.event, buyer: newBuyer(), fence: 7, places: [20] }));
      granted(await store().block({ event: a.event, places: [30] }));
      granted(await store().unblock({ event: a.event, places: [30] }));
      expect(await store().release(a.ref(newHold()))).toMatchObject({ ok: false });
      const { epoch } = (await store().snapshot(a.event))!;
      await until(
        async () => heard.length,
        (n) => n >= 6,
      );
      const story = heard.map(({ version, kind, code, places }) => [version, kind, code, places]);
      expect(story).toEqual([
        [1, 'hold', 1, [1, 2]],
        [2, 'hold', 1, [3]],
        [3, 'confirm', 2, [1, 2]],
        [4, 'cancel', 0, [20]],
        [5, 'block', 3, [30]],
        [6, 'unblock', 0, [30]],
      ]);
      expect(await store().since(a.event, epoch, 0)).toEqual(heard);
      await leave();
    });

    test('[CB8] a transition names the hold it made or ended, in the feed and in the journal', async () => {
      const a = await arena(store());
      const heard: Transition[] = [];
      const leave = await store().subscribe(a.event, (transition) => heard.push(transition));
      const sold = await a.sold([1]);
      const best = granted(await a.best(2, [{ first: 5, count: 10, price: 1 }], { buyer: newBuyer() }));
      granted(await store().release(a.ref(best.hold, { buyer: best.buyer })));
      granted(await store().block({ event: a.event, places: [30] }));
      await until(
        async () => heard.length,
        (n) => n >= 5,
      );
      const { epoch } = (await store().snapshot(a.event))!;
      expect(await store().since(a.event, epoch, 0)).toEqual(heard);
      expect(heard.map(({ kind, holds }) => [kind, holds])).toEqual([
        ['hold', [{ hold: sold.hold, buyer: a.buyer }]],
        ['confirm', [{ hold: sold.hold, buyer: a.buyer }]],
        ['hold', [{ hold: best.hold, buyer: best.buyer }]],
        ['release', [{ hold: best.hold, buyer: best.buyer }]],
        ['block', []],
      ]);
      await leave();
    });

    test('`since` gives what came after a version, and null for another epoch or a version not reached', async () => {
      const a = await arena(store());
      for (const place of [1, 2, 3]) await a.held([place]);
      const { epoch } = (await store().snapshot(a.event))!;
      expect((await store().since(a.event, epoch, 1))!.map(({ version }) => version)).toEqual([2, 3]);
      expect(await store().since(a.event, epoch, 3)).toEqual([]);
      expect(await store().since(a.event, epoch, 4)).toBeNull();
      expect(await store().since(a.event, newEpoch(), 0)).toBeNull();
      expect(await store().since('nowhere' as never, epoch, 0)).toBeNull();
    });

    test('[IN3] a snapshot and what is heard after it make the map, whenever one subscribes', async () => {
      const a = await arena(store(), { places: 400, rules: { maxPerBuyer: 400 } });
      const writing = Promise.all(Array.from({ length: 300 }, (_, place) => a.held([place])));
      const maps = Array.from({ length: 10 }, async () => {
        const heard: Transition[] = [];
        const leave = await store().subscribe(a.event, (transition) => heard.push(transition));
        const snapshot = (await store().snapshot(a.event))!;
        await writing;
        await until(
          async () => heard.at(-1)?.version ?? snapshot.version,
          (version) => version >= 300,
        );
        await leave();
        const later = heard.filter(({ version }) => version > snapshot.version);
        expect(later.map(({ version }) => version)).toEqual(
          Array.from({ length: 300 - snapshot.version }, (_, i) => snapshot.version + 1 + i),
        );
        for (const { places, code } of later) for (const place of places) snapshot.codes[place] = code;
        return snapshot.codes.join('');
      });
      const final = '1'.repeat(300) + '0'.repeat(100);
      for (const map of await Promise.all(maps)) expect(map).toBe(final);
      expect(await a.map()).toBe(final);
    });

    test('a listener that left hears no more, and the others still do', async () => {
      const a = await arena(store());
      const heard: string[] = [];
      const leave = await store().subscribe(a.event, () => heard.push('first'));
      const stay = await store().subscribe(a.event, () => heard.push('second'));
      await a.held([1]);
      await until(
        async () => heard.length,
        (n) => n === 2,
      );
      await leave();
      await leave();
      await a.held([2]);
      await until(
        async () => heard.length,
        (n) => n === 3,
      );
      await stay();
      const again = await store().subscribe(a.event, () => heard.push('again'));
      await a.held([3]);
      await until(
        async () => heard.length,
        (n) => n === 4,
      );
      expect(heard).toEqual(['first', 'second', 'second', 'again']);
      await again();
    });
  });
}
