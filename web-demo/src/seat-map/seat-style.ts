/** How a place looks. Colour is never the only cue: free seats are full discs, held ones rings, sold ones small dots, blocked ones bars. */
import type { Chart, MapCode } from '@seatwire/protocol';

export interface Theme {
  readonly background: string;
  readonly section: string;
  readonly sectionLine: string;
  readonly label: string;
  readonly labelHalo: string;
  readonly taken: string;
  readonly held: string;
  readonly ink: string;
  readonly inkText: string;
  readonly mine: string;
  readonly mineText: string;
  readonly stage: string;
  readonly stageText: string;
  readonly monitorFree: string;
  readonly monitorHeld: string;
  readonly monitorSold: string;
  readonly monitorBlocked: string;
}

const VARIABLES: Readonly<Record<keyof Theme, string>> = {
  background: '--map-background',
  section: '--map-section',
  sectionLine: '--map-section-line',
  label: '--map-label',
  labelHalo: '--map-label-halo',
  taken: '--seat-taken',
  held: '--seat-held',
  ink: '--seat-selected',
  inkText: '--seat-selected-text',
  mine: '--seat-mine',
  mineText: '--seat-mine-text',
  stage: '--map-stage',
  stageText: '--map-stage-text',
  monitorFree: '--monitor-free',
  monitorHeld: '--monitor-held',
  monitorSold: '--monitor-sold',
  monitorBlocked: '--monitor-blocked',
};

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    Object.entries(VARIABLES).map(([key, name]) => [key, style.getPropertyValue(name).trim() || '#888']),
  ) as unknown as Theme;
}

export interface SeatStyle {
  readonly color: string;
  /** Share of the layout's radius. */
  readonly size: number;
  readonly shape: 'disc' | 'ring' | 'bar';
  /** Colour of a check mark, or null. */
  readonly check: string | null;
}

export type Palette = 'picker' | 'monitor';

/** Style numbers: 0..31 free by category, then these. */
const HELD = 32;
const SOLD = 33;
const BLOCKED = 34;
const SELECTED = 35;
const MINE = 36;
export const STYLE_COUNT = 37;

export function styleNumber(code: MapCode, category: number, selected: boolean, mine: boolean): number {
  if (mine) return MINE;
  if (selected) return SELECTED;
  return code === 0 ? category : code === 1 ? HELD : code === 2 ? SOLD : BLOCKED;
}

export function seatStyles(chart: Chart, theme: Theme, palette: Palette): readonly SeatStyle[] {
  const styles: SeatStyle[] = [];
  const put = (
    at: number,
    color: string,
    size: number,
    shape: SeatStyle['shape'],
    check: string | null = null,
  ) => {
    styles[at] = { color, size, shape, check };
  };
  for (let i = 0; i < HELD; i++) {
    const color = palette === 'monitor' ? theme.monitorFree : (chart.categories[i]?.color ?? theme.taken);
    put(i, color, palette === 'monitor' ? 0.7 : 1, 'disc');
  }
  if (palette === 'monitor') {
    put(HELD, theme.monitorHeld, 1, 'disc');
    put(SOLD, theme.monitorSold, 1, 'disc');
    put(BLOCKED, theme.monitorBlocked, 0.9, 'bar');
  } else {
    put(HELD, theme.held, 0.86, 'ring');
    put(SOLD, theme.taken, 0.58, 'disc');
    put(BLOCKED, theme.taken, 0.7, 'bar');
  }
  put(SELECTED, theme.ink, 1.16, 'disc', theme.inkText);
  put(MINE, theme.mine, 1.16, 'disc', theme.mineText);
  return styles;
}
