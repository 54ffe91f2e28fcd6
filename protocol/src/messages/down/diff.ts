import * as z from 'zod';
import { version } from '../../words/ids.ts';
import { bytes, define } from '../define.ts';
import { room } from '../room.ts';

export const diff = define({
  type: 'diff',
  code: 5,
  doc: 'The changes of a room from version `to - span` to `to`, joined (last state wins).',
  fields: { room, to: version, span: z.int(), changes: bytes },
});
