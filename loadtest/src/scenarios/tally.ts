/** What this virtual user has seen so far, told every few seconds while it runs: k6 shows its own figures only at the end. */
import exec from 'k6/execution';
import { report } from './run.ts';

const EVERY_MS = 5000;

export const tally = { joined: 0, granted: 0, refused: 0, bought: 0, rejoined: 0 };

/** Returns a function that ends the telling. */
export function tellProgress(): () => void {
  const vu = exec.vu.idInInstance;
  const tell = () => report({ kind: 'progress', vu, ...tally });
  const telling = setInterval(tell, EVERY_MS);
  return () => {
    clearInterval(telling);
    tell();
  };
}
