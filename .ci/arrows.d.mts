export interface Source {
  readonly path: string;
  readonly text: string;
}
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}
export function checkArrows(sources: Iterable<Source>): Violation[];
export function readSources(root: string): Source[];
