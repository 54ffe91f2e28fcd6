import { readFileSync } from 'node:fs';

/** The scripts of a folder by name, each read once. `folder` ends with a slash. */
export function scriptTexts<Name extends string>(folder: URL): (name: Name) => string {
  const texts = new Map<Name, string>();
  return (name) => {
    let text = texts.get(name);
    if (text === undefined) {
      text = readFileSync(new URL(`${name}.lua`, folder), 'utf8');
      texts.set(name, text);
    }
    return text;
  };
}
