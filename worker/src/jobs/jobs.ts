/** Every job there is. A new one is a file and a line here. */
import type { z } from 'zod';
import { captureJob } from './capture.ts';
import { refundJob } from './refund.ts';
import { voidJob } from './void.ts';

export const jobs = [captureJob, voidJob, refundJob] as const;

type Listed = (typeof jobs)[number];
export type JobName = Listed['name'];
export type JobData<Name extends JobName> = z.output<Extract<Listed, { name: Name }>['schema']>;
