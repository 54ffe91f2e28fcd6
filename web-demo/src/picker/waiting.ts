/** What is said while an answer takes its time. Never that all is well: only what is known. */
import type { Activity } from '../sale/sale-state.ts';

export const STILL_WAITING: Record<Activity, string> = {
  hold: 'Still asking. Your connection is slow.',
  best: 'Still asking. Your connection is slow.',
  extend: 'Still asking. Your connection is slow.',
  release: 'Still asking. Your connection is slow.',
  pay: 'Still waiting for the answer. Nothing is charged twice.',
};
