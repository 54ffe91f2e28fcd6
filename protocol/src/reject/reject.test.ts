import { expect, test } from 'vitest';
import { ACCOUNT_REJECTIONS } from './accounts.ts';
import { EVENT_REJECTIONS } from './events.ts';
import { HOLD_REJECTIONS } from './holds.ts';
import { REJECT_CODES } from './index.ts';
import { ORDER_REJECTIONS } from './orders.ts';
import { PLACE_REJECTIONS } from './places.ts';
import { REQUEST_REJECTIONS } from './requests.ts';

test('each code stands in one file of a noun, and all of them in the union', () => {
  const codes = [
    ...[PLACE_REJECTIONS, HOLD_REJECTIONS, ORDER_REJECTIONS],
    ...[EVENT_REJECTIONS, ACCOUNT_REJECTIONS, REQUEST_REJECTIONS],
  ].flatMap((rejections) => Object.keys(rejections));
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  expect(codes.toSorted()).toEqual(REJECT_CODES.toSorted());
});
