import { timeMs } from '../../words/ids.ts';
import { define } from '../define.ts';

export const time = define({
  type: 'time',
  code: 19,
  doc: 'Answer to `sync-time`.',
  fields: { clientTime: timeMs, serverTime: timeMs },
});
