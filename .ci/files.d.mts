export function filesOf(root: string, below?: string): string[];
export function readSource(root: string, path: string): { readonly path: string; readonly text: string };
