/**
 * Options of a program as one table: it drives the flags, the environment names, `--help`, validation and the tables in README.
 * Order of precedence: flag, environment, default. Nothing here reads the environment itself: a config.ts passes it in.
 */
import type { z } from 'zod';

export interface Option {
  /** As the program's configuration object calls it. */
  readonly name: string;
  readonly env: string;
  /** With its dashes; absent: by environment only (secrets do not belong on a command line). */
  readonly flag?: string;
  /** Reads the text given. */
  readonly type: z.ZodType<unknown, string>;
  /** As text, read by `type` like any other; null: no value unless given (the configuration then holds null). */
  readonly default: string | null;
  readonly description: string;
  /** Its value is never printed. */
  readonly secret?: boolean;
}

type ValueOf<O extends Option> = z.output<O['type']> | (O['default'] extends string ? never : null);
export type Configuration<Table extends readonly Option[]> = {
  readonly [O in Table[number] as O['name']]: ValueOf<O>;
};

/** What the user got wrong, one line a mistake. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Throws `OptionError` with every mistake at once. An empty environment value counts as absent. */
export function readOptions<const Table extends readonly Option[]>(
  table: Table,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Configuration<Table> {
  const problems: string[] = [];
  const flags = readFlags(table, args, problems);
  const values: Record<string, unknown> = {};
  for (const option of table) {
    const fromFlag = flags.get(option.name);
    const text = fromFlag ?? (env[option.env] || undefined) ?? option.default;
    if (text === null) {
      values[option.name] = null;
      continue;
    }
    const read = option.type.safeParse(text);
    if (read.success) {
      values[option.name] = read.data;
      continue;
    }
    const source = fromFlag === undefined ? option.env : option.flag;
    const shown = option.secret ? '' : ` (got ${JSON.stringify(text)})`;
    problems.push(`${source}: ${read.error.issues.map((issue) => issue.message).join('; ')}${shown}`);
  }
  if (problems.length > 0) throw new OptionError(problems);
  return values as Configuration<Table>;
}

/** `--flag value` and `--flag=value`; a flag whose option is a switch may stand alone and means `true`. */
function readFlags(
  table: readonly Option[],
  args: readonly string[],
  problems: string[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const [flag, ...rest] = args[i]!.split('=');
    const option = table.find((candidate) => candidate.flag === flag);
    if (!option) {
      problems.push(`${flag}: no such option; --help lists them`);
    } else if (rest.length > 0) {
      found.set(option.name, rest.join('='));
    } else if (args[i + 1] !== undefined && !args[i + 1]!.startsWith('--')) {
      found.set(option.name, args[++i]!);
    } else if (isSwitch(option)) {
      found.set(option.name, 'true');
    } else {
      problems.push(`${flag}: needs a value`);
    }
  }
  return found;
}

const isSwitch = (option: Option): boolean => option.default === 'false' || option.default === 'true';

/** The text of `--help`. */
export function describeOptions(usage: string, table: readonly Option[]): string {
  const rows = table.map((option) => [
    option.flag ?? '',
    option.env,
    `${option.description}${defaultOf(option) === '' ? '' : ` Default: ${defaultOf(option)}.`}`,
  ]);
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column]!.length));
  const lines = rows.map(
    ([flag, env, text]) => `  ${flag!.padEnd(width(0))}  ${env!.padEnd(width(1))}  ${text}`,
  );
  return `${usage}\n\n${lines.join('\n')}\n`;
}

/** The table in README, Markdown. */
export function optionsTable(table: readonly Option[]): string {
  const rows = table.map((option) => {
    const flag = option.flag === undefined ? '' : `\`${option.flag}\``;
    const value = defaultOf(option) === '' ? '' : `\`${defaultOf(option)}\``;
    return `| \`${option.env}\` | ${flag} | ${value} | ${option.description.replaceAll('|', '\\|')} |`;
  });
  return ['| environment | flag | default | what it is |', '|---|---|---|---|', ...rows].join('\n');
}

const defaultOf = (option: Option): string => option.default ?? '';
