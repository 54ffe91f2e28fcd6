/** A command of several steps, carried out once however often and from how many processes it is asked for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpKey, OpRecords } from './op-records.ts';

/** Between two looks at a command that another carries out. */
const LOOK_AGAIN_MS = 40;

export interface CarryOut<Note, Answer> {
  readonly records: OpRecords<Note, Answer>;
  /** How long a repeat waits for the answer of the one under way. */
  readonly patienceMs: number;
  /** Whether an answer is final. Otherwise the same op may be tried again. `began`: this try or an earlier one recorded a step. */
  readonly isLast: (answer: Answer, began: boolean) => boolean;
}

/** From `note` on (null: from the start). `writeDown` comes before each step whose outcome must be found again. */
export type Steps<Note, Answer> = (
  note: Note | null,
  writeDown: (note: Note) => Promise<void>,
) => Promise<Answer>;

/** `conflict`: the op was used for another command. `busy`: another has carried it out for longer than anyone waits. */
export async function carryOutOnce<Note, Answer>(
  { records, patienceMs, isLast }: CarryOut<Note, Answer>,
  key: OpKey,
  steps: Steps<Note, Answer>,
): Promise<Answer | 'conflict' | 'busy'> {
  const until = performance.now() + patienceMs;
  let claim = await records.claim(key);
  while (claim.kind === 'busy' && performance.now() < until) {
    await sleep(LOOK_AGAIN_MS);
    claim = await records.claim(key);
  }
  if (claim.kind === 'answered') return claim.answer;
  if (claim.kind !== 'yours') return claim.kind;
  const { lease, note } = claim;
  let began = note !== null;
  let answer: Answer;
  const letGo = records.keep(lease);
  try {
    answer = await steps(note, async (next) => {
      await records.note(lease, next);
      began = true;
    });
  } catch (error) {
    await records.release(lease).catch(() => undefined);
    throw error;
  } finally {
    letGo();
  }
  if (isLast(answer, began)) return records.answer(lease, answer);
  await records.release(lease);
  return answer;
}
