/** Generated regions of a Markdown file: between `<!-- generated: name -->` and `<!-- /generated: name -->`, each on a line of its own. */

/** `text` with the region's content replaced. Throws when the markers are not there exactly once. */
export function replaceRegion(text: string, name: string, content: string): string {
  const open = `<!-- generated: ${name} -->`;
  const close = `<!-- /generated: ${name} -->`;
  const before = text.split(`${open}\n`);
  const after = text.split(`${close}\n`);
  const inOrder = text.indexOf(open) < text.indexOf(close);
  if (before.length !== 2 || after.length !== 2 || !inOrder) {
    throw new Error(`the lines ${open} and ${close} must stand there once, in this order`);
  }
  return `${before[0]}${open}\n${content}\n${close}\n${after[1]}`;
}
