import { timeMs } from '../../words/ids.ts';
import { define } from '../define.ts';

export const syncTime = define({
  type: 'sync-time',
  code: 14,
  doc: "Asks for the server's clock. Answer: `time`.",
  fields: { clientTime: timeMs },
});
