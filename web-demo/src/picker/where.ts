/** Where the best seats may be looked for: what is on sale at all, and what of it is free. No DOM. */
import type { EventDetail, MapCode } from '@seatwire/protocol';
import type { Layout } from '../seat-map/layout.ts';

export interface WhereOption {
  /** `c:` and a category's key, or `a:` and a section's id. */
  readonly value: string;
  readonly name: string;
  readonly free: number;
}

export interface Where {
  readonly categories: readonly WhereOption[];
  readonly sections: readonly WhereOption[];
  /** In the whole house. */
  readonly free: number;
}

export function whereToLook(
  event: Pick<EventDetail, 'prices'>,
  layout: Pick<Layout, 'chart'>,
  codeOf: (place: number) => MapCode,
): Where {
  const counts = layout.chart.sections.map((section) => {
    let [free, blocked] = [0, 0];
    for (let place = section.first; place < section.first + section.count; place++) {
      const code = codeOf(place);
      if (code === 0) free++;
      else if (code === 3) blocked++;
    }
    return { section, free, onSale: blocked < section.count };
  });
  const offered = counts.filter(
    ({ section, onSale }) => onSale && event.prices.some(({ category }) => category === section.category),
  );
  const categories = event.prices.flatMap(({ category, name }) => {
    const its = offered.filter(({ section }) => section.category === category);
    // A category that is one section of the same name is offered once.
    if (its.length === 0 || (its.length === 1 && its[0]!.section.name === name)) return [];
    return [{ value: `c:${category}`, name, free: sum(its) }];
  });
  const sections = offered.map(({ section, free }) => ({
    value: `a:${section.id}`,
    name: section.name,
    free,
  }));
  return { categories, sections, free: sum(offered) };
}

/** How much is free there; `value` empty: anywhere. */
export function freeAt({ categories, sections, free }: Where, value: string): number {
  if (value === '') return free;
  return [...categories, ...sections].find((option) => option.value === value)?.free ?? 0;
}

const sum = (of: readonly { readonly free: number }[]): number =>
  of.reduce((total, { free }) => total + free, 0);
