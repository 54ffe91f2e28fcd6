/**
 * Lets an x86-64 program built against glibc 2.38 run on an older one, by rewriting what it asks of the loader:
 * - `__isoc23_strtol` and its kin (glibc 2.38's C23 parsing of "0b...") become the plain `strtol`;
 * - `fmod@GLIBC_2.38` becomes the baseline `fmod@GLIBC_2.2.5`;
 * - libstdc++'s `GLIBCXX_3.4.32` marker and its one symbol, which only orders static initialisers, become optional.
 * Nothing else of the file changes, not even its length. Symbols the old library truly lacks are not invented: a
 * program that needs one is still refused by the loader.
 */

/** The file is not an ELF file this can rewrite: cut short, another machine's, or without the expected tables. */
export class ElfError extends Error {
  override readonly name = 'ElfError';
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
}

const SHT_DYNSYM = 11;
const SHT_GNU_VERNEED = 0x6ffffffe;
const SHT_GNU_VERSYM = 0x6fffffff;
const VER_FLG_WEAK = 2;
const STB_WEAK = 2;
const SYMBOL_SIZE = 24;
const EM_X86_64 = 62;

const BASELINE = 'GLIBC_2.2.5';
const C23_PREFIX = '__isoc23_';

/** Returns a rewritten copy and the names whose need was lowered. Throws ElfError; never changes `original`. */
export function lowerGlibcNeeds(original: Uint8Array): { file: Buffer; lowered: string[] } {
  const file = Buffer.from(original);
  try {
    return { file, lowered: lower(file) };
  } catch (error) {
    if (error instanceof RangeError)
      throw new ElfError('the file is cut short or its tables are damaged', { cause: error });
    throw error;
  }
}

function lower(file: Buffer): string[] {
  const sections = readSections(file);
  const symbols = only(sections, SHT_DYNSYM, 'dynamic symbols');
  const versions = only(sections, SHT_GNU_VERSYM, 'symbol versions');
  const needs = only(sections, SHT_GNU_VERNEED, 'needed versions');
  const strings = sections[symbols.link];
  if (!strings) throw new ElfError('the dynamic symbols have no string table');

  const tooNew = lowerVersions(file, needs, strings);
  const lowered: string[] = [];
  for (let index = 0; index < symbols.size / SYMBOL_SIZE; index++) {
    const version = file.readUInt16LE(versions.offset + 2 * index) & 0x7fff;
    const symbol = symbols.offset + SYMBOL_SIZE * index;
    const defined = file.readUInt16LE(symbol + 6) !== 0;
    if (defined || !tooNew.has(version)) continue;
    const name = readString(file, strings, file.readUInt32LE(symbol));
    if (name.startsWith(C23_PREFIX)) {
      // The plain name is the tail of the same string.
      file.writeUInt32LE(file.readUInt32LE(symbol) + C23_PREFIX.length, symbol);
    } else if (tooNew.get(version) === 'optional') {
      file[symbol + 4] = (STB_WEAK << 4) | (file.readUInt8(symbol + 4) & 0xf);
    }
    lowered.push(name);
  }
  return lowered;
}

/** Rewrites the needed-version records; answers which version indexes were touched, and how. */
function lowerVersions(file: Buffer, needs: Section, strings: Section): Map<number, 'baseline' | 'optional'> {
  const touched = new Map<number, 'baseline' | 'optional'>();
  let library = needs.offset;
  for (let n = 0; n < needs.info; n++) {
    let need = library + file.readUInt32LE(library + 8);
    for (let count = file.readUInt16LE(library + 2); count > 0; count--) {
      const name = readString(file, strings, file.readUInt32LE(need + 8));
      const index = file.readUInt16LE(need + 6);
      if (name === 'GLIBC_2.38') {
        file.writeUInt32LE(versionHash(BASELINE), need);
        file.writeUInt32LE(findString(file, strings, BASELINE), need + 8);
        touched.set(index, 'baseline');
      } else if (name === 'GLIBCXX_3.4.32') {
        file.writeUInt16LE(file.readUInt16LE(need + 4) | VER_FLG_WEAK, need + 4);
        touched.set(index, 'optional');
      }
      need += file.readUInt32LE(need + 12);
    }
    library += file.readUInt32LE(library + 12);
  }
  return touched;
}

function readSections(file: Buffer): Section[] {
  const isElf64LittleEndian =
    file.readUInt32BE(0) === 0x7f454c46 && file.readUInt8(4) === 2 && file.readUInt8(5) === 1;
  if (!isElf64LittleEndian || file.readUInt16LE(18) !== EM_X86_64)
    throw new ElfError('not a 64-bit x86-64 ELF file');
  const table = Number(file.readBigUInt64LE(0x28));
  const entrySize = file.readUInt16LE(0x3a);
  const count = file.readUInt16LE(0x3c);
  if (table + count * entrySize > file.length) throw new ElfError('the file is cut short');
  return Array.from({ length: count }, (_, i) => {
    const at = table + i * entrySize;
    return {
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
      info: file.readUInt32LE(at + 44),
    };
  });
}

function only(sections: readonly Section[], type: number, what: string): Section {
  const found = sections.find((section) => section.type === type);
  if (!found) throw new ElfError(`the file has no table of ${what}`);
  return found;
}

function readString(file: Buffer, strings: Section, at: number): string {
  const start = strings.offset + at;
  const end = file.indexOf(0, start);
  if (at >= strings.size || end < 0) throw new ElfError('a name lies outside the string table');
  return file.toString('latin1', start, end);
}

function findString(file: Buffer, strings: Section, text: string): number {
  const table = file.subarray(strings.offset, strings.offset + strings.size);
  const at = table.indexOf(`\0${text}\0`, 0, 'latin1');
  if (at < 0) throw new ElfError(`the string table does not hold ${text}`);
  return at + 1;
}

/** The System V hash by which the loader compares version names. */
function versionHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name, 'latin1')) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}
