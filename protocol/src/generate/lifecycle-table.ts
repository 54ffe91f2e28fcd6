import { LIFECYCLE, SEAT_EVENTS, SEAT_STATES } from '../words/seat.ts';
import { code, table } from './markdown.ts';

export function lifecycleTable(): string {
  const rows = SEAT_EVENTS.map((event) => [
    code(event),
    ...SEAT_STATES.map((state) => {
      const step = LIFECYCLE[state][event];
      return 'to' in step ? `**${step.to}**` : code(step.code);
    }),
  ]);
  return table(['event', ...SEAT_STATES.map((state) => `in ${state}`)], rows);
}
