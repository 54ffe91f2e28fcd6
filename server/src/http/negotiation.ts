/** What a request says it takes, read as RFC 9110 has it: lists with weights, wildcards, and validators, not names found in a text. */

const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** A list such as `br;q=0.5, *`: each item in lower case, with its weight. An item of another form is passed over. */
function weighted(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const item of header.toLowerCase().split(',')) {
    const [name, ...parameters] = item.split(';').map((part) => part.trim());
    if (!name) continue;
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
    const text = weight === undefined ? '1' : weight.slice(weight.indexOf('=') + 1).trim();
    if (WEIGHT.test(text)) weights.set(name, Number(text));
  }
  return weights;
}

export type Coding = 'br' | 'gzip';

/**
 * The coding to send of those there are, in our order of preference; null: none, the content as it is. That is also the answer to
 * a client that accepts no coding at all: it asked for the content, and may throw it away.
 */
export function codingFor(acceptEncoding: string | null, there: readonly Coding[]): Coding | null {
  const weights = weighted(acceptEncoding ?? '');
  const others = weights.get('*') ?? 0;
  const weightOf = (coding: Coding): number =>
    weights.get(coding) ?? (coding === 'gzip' ? weights.get('x-gzip') : undefined) ?? others;
  // Content as it is may always be sent, unless it is named: then it has its rank among the others.
  const plain = weights.get('identity') ?? 0;
  let best: Coding | null = null;
  for (const coding of there) {
    const weight = weightOf(coding);
    if (weight > 0 && weight >= plain && weight > (best === null ? 0 : weightOf(best))) best = coding;
  }
  return best;
}

const ETAGS =
  /^\s*(?:,\s*)*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,(?:\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")?)*\s*$/;
const ETAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** Whether the caller has this content already. Weak and strong tags compare alike here; `*` is any content there is. */
export function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === '*') return true;
  if (!ETAGS.test(ifNoneMatch)) return false;
  const wanted = etag.replace(/^W\//, '');
  return Array.from(ifNoneMatch.matchAll(ETAG), ([, tag]) => tag).includes(wanted);
}

/** Whether the caller would rather see a page than data. Programs that take anything get data. */
export function prefersPage(accept: string | null): boolean {
  const weights = weighted(accept ?? '');
  const weightOf = (type: string, subtype: string): number =>
    weights.get(`${type}/${subtype}`) ?? weights.get(`${type}/*`) ?? weights.get('*/*') ?? 0;
  return weightOf('text', 'html') > weightOf('application', 'json');
}
