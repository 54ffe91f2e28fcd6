/** Holds what is answered against what is declared: a code outside the list of its row is a defect, though the caller may understand it. */
import type { RejectCode } from '@seatwire/protocol';

/** `where`: the row, as a person would look it up. */
export type RefusalGuard = (declared: ReadonlySet<RejectCode>, code: RejectCode, where: string) => void;

export class UndeclaredRefusal extends Error {
  override readonly name = 'UndeclaredRefusal';

  constructor(where: string, code: RejectCode) {
    super(`${where} answered ${code}, which it does not declare`);
  }
}

/** `report`: in production, where an answer that is odd is better than none. Elsewhere it throws. */
export function refusalGuard(report: ((error: UndeclaredRefusal) => void) | null): RefusalGuard {
  return (declared, code, where) => {
    if (declared.has(code)) return;
    const error = new UndeclaredRefusal(where, code);
    if (!report) throw error;
    report(error);
  };
}
