/** What a benchmark says: one row of the table. */

export interface Finding {
  /** Of the goals in the table's first column; null: a figure without a goal. */
  readonly goal: string | null;
  readonly what: string;
  /** With its unit. */
  readonly figure: string;
  /** What was measured beside it in the same run. */
  readonly calibration: string;
  /** More is better; what is compared, since times depend on the machine. */
  readonly ratio: number;
  /** The least ratio that reaches the goal. */
  readonly wanted: number;
  /** Below this something has collapsed: far under what the ratio has ever been. */
  readonly collapse: number;
  /** How many runs the medians are of, and from least to greatest as a share of the median. */
  readonly runs: number;
  readonly spread: number;
}

export const reached = ({ ratio, wanted }: Finding): boolean => ratio >= wanted;
/** Written so that a ratio that could not be computed is a collapse. */
export const collapsed = ({ ratio, collapse }: Finding): boolean => !(ratio >= collapse);

export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly run: (around: Surroundings) => Promise<readonly Finding[]>;
}

export interface Surroundings {
  /** Shorter, coarser: enough to see a collapse. */
  readonly quick: boolean;
  /** ms that a proxy of the harness holds back every byte between clients and our servers; 0: no proxy. Shows that a collapse is seen. */
  readonly hinderMs: number;
  readonly say: (line: string) => void;
}
