/** Mail addresses as people write them: browsers and servers spell a domain's foreign letters as `xn--...` (RFC 3492). */

export function readableAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address
    .slice(at + 1)
    .split('.')
    .map(readableLabel)
    .join('.');
  return address.slice(0, at + 1) + domain;
}

function readableLabel(label: string): string {
  if (!/^xn--/i.test(label)) return label;
  const read = decoded(label.slice(4).toLowerCase());
  // Only letters, marks and digits: nothing that could be taken for a part of the address.
  return read !== null && /^[\p{L}\p{M}\p{N}-]+$/u.test(read) ? read : label;
}

const [BASE, T_MIN, T_MAX, SKEW, DAMP, FIRST_BIAS, FIRST_CODE] = [36, 1, 26, 38, 700, 72, 128];

/** Punycode; null when it is none. */
function decoded(text: string): string | null {
  const basic = text.lastIndexOf('-');
  const out = basic > 0 ? [...text.slice(0, basic)] : [];
  let [code, index, bias] = [FIRST_CODE, 0, FIRST_BIAS];
  for (let at = basic > 0 ? basic + 1 : 0; at < text.length; ) {
    const before = index;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = 'abcdefghijklmnopqrstuvwxyz0123456789'.indexOf(text[at++] ?? ' ');
      if (digit < 0) return null;
      index += digit * weight;
      const t = Math.min(T_MAX, Math.max(T_MIN, k - bias));
      if (digit < t) break;
      weight *= BASE - t;
    }
    const length = out.length + 1;
    bias = adapted(index - before, length, before === 0);
    code += Math.floor(index / length);
    index %= length;
    if (code > 0x10ffff) return null;
    out.splice(index++, 0, String.fromCodePoint(code));
  }
  return out.join('');
}

function adapted(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
