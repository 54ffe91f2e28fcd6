/** Every way to be refused, a file a noun. */
import { ACCOUNT_REJECTIONS } from './accounts.ts';
import { EVENT_REJECTIONS } from './events.ts';
import { HOLD_REJECTIONS } from './holds.ts';
import { ORDER_REJECTIONS } from './orders.ts';
import { PLACE_REJECTIONS } from './places.ts';
import { REQUEST_REJECTIONS } from './requests.ts';

export type { Rejection } from './rejection.ts';

export const REJECTIONS = {
  ...PLACE_REJECTIONS,
  ...HOLD_REJECTIONS,
  ...ORDER_REJECTIONS,
  ...EVENT_REJECTIONS,
  ...ACCOUNT_REJECTIONS,
  ...REQUEST_REJECTIONS,
} as const;

export type RejectCode = keyof typeof REJECTIONS;

export const REJECT_CODES = Object.keys(REJECTIONS) as RejectCode[];
