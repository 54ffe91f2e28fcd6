export interface Source {
  readonly path: string;
  readonly text: string;
}
export interface Mention {
  readonly id: string;
  readonly path: string;
  readonly line: number;
}
export const RULE_DOCUMENTS: readonly string[];
export function rulesOf(document: Source): Mention[];
export function titlesOf(test: Source): Mention[];
export function ruleProblems(rules: readonly Mention[], tests: readonly Source[]): string[];
export function ruleTests(rules: readonly Mention[], tests: readonly Source[]): string;
export function readRules(root: string): { documents: Source[]; tests: Source[] };
