import { expect, test } from 'vitest';
import { ElfError, lowerGlibcNeeds } from './elf.ts';

interface Need {
  readonly library: string;
  readonly versions: readonly { readonly name: string; readonly index: number }[];
}
interface Symbol {
  readonly name: string;
  readonly version: number;
  readonly defined?: boolean;
}

/** The smallest ELF file with dynamic symbols: header, string table, symbols, their versions, needed versions, sections. */
function elf(
  symbols: readonly Symbol[],
  needs: readonly Need[],
  extraStrings: readonly string[] = [],
): Buffer {
  const names = [
    ...symbols.map((symbol) => symbol.name),
    ...needs.flatMap((need) => [need.library, ...need.versions.map((version) => version.name)]),
    ...extraStrings,
  ];
  const strings = Buffer.from(`\0${[...new Set(names)].join('\0')}\0`, 'latin1');
  const nameAt = (name: string) => strings.indexOf(`\0${name}\0`, 0, 'latin1') + 1;

  const symbolTable = Buffer.alloc(24 * symbols.length);
  const versionTable = Buffer.alloc(2 * symbols.length);
  for (const [i, symbol] of symbols.entries()) {
    symbolTable.writeUInt32LE(nameAt(symbol.name), 24 * i);
    symbolTable.writeUInt8((1 << 4) | 2, 24 * i + 4);
    symbolTable.writeUInt16LE(symbol.defined ? 7 : 0, 24 * i + 6);
    versionTable.writeUInt16LE(symbol.version, 2 * i);
  }
  const needTable = Buffer.concat(
    needs.map(({ library, versions }, n) => {
      const entry = Buffer.alloc(16 + 16 * versions.length);
      entry.writeUInt16LE(1, 0);
      entry.writeUInt16LE(versions.length, 2);
      entry.writeUInt32LE(nameAt(library), 4);
      entry.writeUInt32LE(16, 8);
      entry.writeUInt32LE(n === needs.length - 1 ? 0 : entry.length, 12);
      for (const [v, { name, index }] of versions.entries()) {
        entry.writeUInt32LE(0xdead, 16 + 16 * v);
        entry.writeUInt16LE(index, 16 + 16 * v + 6);
        entry.writeUInt32LE(nameAt(name), 16 + 16 * v + 8);
        entry.writeUInt32LE(v === versions.length - 1 ? 0 : 16, 16 + 16 * v + 12);
      }
      return entry;
    }),
  );

  const tables = [
    { type: 3, data: strings, link: 0, info: 0 },
    { type: 11, data: symbolTable, link: 0, info: 0 },
    { type: 0x6fffffff, data: versionTable, link: 1, info: 0 },
    { type: 0x6ffffffe, data: needTable, link: 0, info: needs.length },
  ];
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46, 0);
  header.writeUInt8(2, 4);
  header.writeUInt8(1, 5);
  header.writeUInt16LE(62, 18);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(tables.length, 0x3c);
  let offset = header.length;
  const sections = tables.map(({ type, data, link, info }) => {
    const section = Buffer.alloc(64);
    section.writeUInt32LE(type, 4);
    section.writeBigUInt64LE(BigInt(offset), 24);
    section.writeBigUInt64LE(BigInt(data.length), 32);
    section.writeUInt32LE(link, 40);
    section.writeUInt32LE(info, 44);
    offset += data.length;
    return section;
  });
  header.writeBigUInt64LE(BigInt(offset), 0x28);
  return Buffer.concat([header, ...tables.map((table) => table.data), ...sections]);
}

const STRINGS_AT = 64;
const nameOf = (file: Buffer, at: number) =>
  file.toString('latin1', STRINGS_AT + at, file.indexOf(0, STRINGS_AT + at));

/** Reads back what the loader would: symbol names and bindings, needed versions with hash and flags. */
function loaderView(file: Buffer) {
  const sections = Number(file.readBigUInt64LE(0x28));
  const table = (i: number) => ({
    at: Number(file.readBigUInt64LE(sections + 64 * i + 24)),
    size: Number(file.readBigUInt64LE(sections + 64 * i + 32)),
  });
  const symbols = table(1);
  const needs = table(3);
  return {
    symbols: Array.from({ length: symbols.size / 24 }, (_, i) => ({
      name: nameOf(file, file.readUInt32LE(symbols.at + 24 * i)),
      weak: file.readUInt8(symbols.at + 24 * i + 4) >> 4 === 2,
    })),
    // One library in these tests: its records lie one after the other.
    needs: Array.from({ length: (needs.size - 16) / 16 }, (_, v) => {
      const at = needs.at + 16 + 16 * v;
      return {
        name: nameOf(file, file.readUInt32LE(at + 8)),
        hash: file.readUInt32LE(at),
        weak: file.readUInt16LE(at + 4) === 2,
      };
    }),
  };
}

// As the loader has it: from `readelf -V` of a program that needs GLIBC_2.2.5.
const HASH_OF_BASELINE = 0x09691a75;
const glibc = (...versions: { name: string; index: number }[]): Need[] => [
  { library: 'libc.so.6', versions },
];

test('parsing functions become the plain ones, and their version the baseline', () => {
  const original = elf(
    [
      { name: '__isoc23_strtol', version: 3 },
      { name: 'read', version: 2 },
    ],
    glibc({ name: 'GLIBC_2.2.5', index: 2 }, { name: 'GLIBC_2.38', index: 3 }),
  );
  const { file, lowered } = lowerGlibcNeeds(original);
  expect(lowered).toEqual(['__isoc23_strtol']);
  expect(loaderView(file).symbols.map((symbol) => symbol.name)).toEqual(['strtol', 'read']);
  expect(loaderView(file).needs).toEqual([
    { name: 'GLIBC_2.2.5', hash: 0xdead, weak: false },
    { name: 'GLIBC_2.2.5', hash: HASH_OF_BASELINE, weak: false },
  ]);
});

test('other functions of the new version keep their name', () => {
  const original = elf([{ name: 'fmod', version: 5 }], glibc({ name: 'GLIBC_2.38', index: 5 }), [
    'GLIBC_2.2.5',
  ]);
  expect(loaderView(lowerGlibcNeeds(original).file).symbols).toEqual([{ name: 'fmod', weak: false }]);
});

test("libstdc++'s marker becomes optional, with its symbol", () => {
  const marker = '_ZSt21ios_base_library_initv';
  const original = elf(
    [{ name: marker, version: 4 }],
    [{ library: 'libstdc++.so.6', versions: [{ name: 'GLIBCXX_3.4.32', index: 4 }] }],
  );
  const view = loaderView(lowerGlibcNeeds(original).file);
  expect(view.symbols).toEqual([{ name: marker, weak: true }]);
  expect(view.needs).toEqual([{ name: 'GLIBCXX_3.4.32', hash: 0xdead, weak: true }]);
});

test('symbols the file itself defines are left alone, and so is the original', () => {
  const original = elf(
    [{ name: '__isoc23_strtol', version: 3, defined: true }],
    glibc({ name: 'GLIBC_2.38', index: 3 }),
    ['GLIBC_2.2.5'],
  );
  const before = Buffer.from(original);
  const { file, lowered } = lowerGlibcNeeds(original);
  expect(lowered).toEqual([]);
  expect(loaderView(file).symbols[0]?.name).toBe('__isoc23_strtol');
  expect(original.equals(before)).toBe(true);
  expect(file.length).toBe(original.length);
});

test('a file without newer needs comes back byte for byte', () => {
  const original = elf([{ name: 'read', version: 2 }], glibc({ name: 'GLIBC_2.2.5', index: 2 }));
  expect(lowerGlibcNeeds(original).file.equals(original)).toBe(true);
});

test('what is no x86-64 ELF file, or lacks a table, or is cut short at any byte, is refused', () => {
  const whole = elf([{ name: 'fmod', version: 5 }], glibc({ name: 'GLIBC_2.38', index: 5 }), ['GLIBC_2.2.5']);
  const arm = Buffer.from(whole);
  arm.writeUInt16LE(183, 18);
  for (const bad of [
    Buffer.alloc(0),
    Buffer.from('#!/bin/sh\necho not an ELF file, but long enough to hold a header.\n'),
    arm,
  ]) {
    expect(() => lowerGlibcNeeds(bad)).toThrow(ElfError);
  }
  const withoutBaseline = elf([{ name: 'fmod', version: 5 }], glibc({ name: 'GLIBC_2.38', index: 5 }));
  expect(() => lowerGlibcNeeds(withoutBaseline)).toThrow('GLIBC_2.2.5');
  for (let length = 0; length < whole.length; length++) {
    expect(() => lowerGlibcNeeds(whole.subarray(0, length))).toThrow(ElfError);
  }
});
