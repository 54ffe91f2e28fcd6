/** The includes that hold no more than what TypeScript knows already: named values, and how packed rules are read. */
import { LIFECYCLE, MAP_CODE, SEAT_EVENTS, SEAT_STATES, type SeatState } from '@seatwire/protocol';
import { AFTER_DECLINE_MS, ENDED_ON_THE_WAY } from './limits.ts';
import { RULES_LUA } from './rules.ts';

export interface ScriptLimits {
  /** Transitions a journal keeps, about. */
  readonly journalLength: number;
  /** How long an answer is kept under its op at least, ms. */
  readonly opMs: number;
}

export function scriptValues({ journalLength, opMs }: ScriptLimits): Readonly<Record<string, string>> {
  return {
    limits: locals({
      JOURNAL_LENGTH: journalLength,
      ANSWERS_MS: opMs,
      LAZILY: ENDED_ON_THE_WAY,
      DECLINED_MS: AFTER_DECLINE_MS,
    }),
    lifecycle: locals(lifecycle()),
    rules: RULES_LUA,
  };
}

/** A state's letter is its first; upper case where a run of places starts. */
const letterOf = (state: SeatState): number => state.charCodeAt(0);
const UPPER_CASE = 'F'.charCodeAt(0) - 'f'.charCodeAt(0);

/** `FREE`: the letter; `FIRST_FREE`: at a run's start; `FREE_TO_HELD`: the step from letter to letter; `SHOWN_FREE`: what the map shows, a word. */
function lifecycle(): Record<string, number | string> {
  // Lower-case letters begin here.
  const values: Record<string, number | string> = { FIRST_BELOW: 'a'.charCodeAt(0) };
  for (const state of SEAT_STATES) {
    const name = state.toUpperCase();
    values[name] = letterOf(state);
    values[`FIRST_${name}`] = letterOf(state) + UPPER_CASE;
    values[`SHOWN_${name}`] = `'${MAP_CODE[state]}'`;
    for (const event of SEAT_EVENTS) {
      const outcome = LIFECYCLE[state][event];
      if ('to' in outcome && outcome.to !== state)
        values[`${name}_TO_${outcome.to.toUpperCase()}`] = letterOf(outcome.to) - letterOf(state);
    }
  }
  return values;
}

function locals(values: Readonly<Record<string, number | string>>): string {
  return `local ${Object.keys(values).join(', ')} = ${Object.values(values).join(', ')}\n`;
}
