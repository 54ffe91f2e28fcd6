// Text that is generated from code, between markers in the repository's Markdown files or as a whole file: npm run generate writes it,
// npm run generated (part of npm run check) fails when a file differs. It reads what was last built; `npm run build` first.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PROTOCOL_TABLES, replaceRegion, vectorsJson } from '@seatwire/protocol/generate';
import { readRules, ruleProblems, rulesOf, ruleTests } from './rules.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const { documents, tests } = readRules(root);

/** Without a marker it is the whole file. @typedef {{ file: string, marker?: string, content: () => string | Promise<string> }} Region */

/** @type {Region[]} */
const REGIONS = [
  ...Object.entries(PROTOCOL_TABLES).map(([marker, content]) => ({
    file: 'protocol/PROTOCOL.md',
    marker,
    content,
  })),
  { file: 'protocol/examples/vectors.json', content: vectorsJson },
  ...documents.map((document) => ({
    file: document.path,
    marker: 'rule-tests',
    content: () => ruleTests(rulesOf(document), tests),
  })),
  { file: 'docs/rest.md', marker: 'endpoints', content: endpoints },
  { file: 'README.md', marker: 'server-options', content: () => optionsOf('server') },
  { file: 'README.md', marker: 'worker-options', content: () => optionsOf('worker') },
];

/** @param {'server' | 'worker'} program a folder whose src/config.ts exports OPTIONS */
async function optionsOf(program) {
  // Not needed for PROTOCOL.md, and it brings the database clients along.
  const { optionsTable } = await import('@seatwire/program');
  const built = join(root, program, 'dist/config.js');
  const { OPTIONS } = await import(pathToFileURL(built).href);
  return optionsTable(OPTIONS);
}

async function endpoints() {
  const built = join(root, 'server/dist/http/endpoints-table.js');
  return (await import(pathToFileURL(built).href)).endpointsTable();
}

/** Every file with its regions replaced. @param {Region[]} regions @returns {Promise<Map<string, string>>} */
async function generate(regions) {
  const texts = new Map();
  for (const { file, marker, content } of regions) {
    const text = texts.get(file) ?? readFileSync(join(root, file), 'utf8');
    try {
      texts.set(file, marker === undefined ? await content() : replaceRegion(text, marker, await content()));
    } catch (error) {
      throw new Error(`${file}, ${marker ?? 'whole'}: ${error.message}`, { cause: error });
    }
  }
  return texts;
}

const write = process.argv.includes('--write');
const present = REGIONS.filter(({ file }) => existsSync(join(root, file)));
const missing = new Set(REGIONS.filter((region) => !present.includes(region)).map(({ file }) => file));
const stale = [];
for (const [file, text] of await generate(present)) {
  if (readFileSync(join(root, file), 'utf8') === text) continue;
  stale.push(file);
  if (write) writeFileSync(join(root, file), text);
}
const problems = ruleProblems(documents.flatMap(rulesOf), tests);
for (const problem of problems) console.error(problem);
for (const file of missing) console.error(`${file}: there is no such file`);
for (const file of stale)
  console.log(`${file}: ${write ? 'written' : 'differs from what the code generates; run npm run generate'}`);
if (missing.size > 0 || problems.length > 0 || (stale.length > 0 && !write)) process.exitCode = 1;
else if (stale.length === 0) console.log(`${REGIONS.length} generated regions are up to date`);
