import { timeMs } from '../../words/ids.ts';
import { define, type Message } from '../define.ts';

export const syncTime = define({
  type: 'sync-time',
  code: 14,
  doc: "Asks for the server's clock. Answer: `time`.",
  fields: { clientTime: timeMs },
});
export type SyncTime = Message<typeof syncTime>;
