import { collapsed, type Finding, reached } from './finding.ts';

const COLUMNS = ['goal', 'what', 'figure', 'beside it', 'ratio', 'wanted', '', 'runs', 'spread'] as const;

export function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.goal ?? '',
    finding.what,
    finding.figure,
    finding.calibration,
    number(finding.ratio),
    finding.wanted === 0 ? '' : number(finding.wanted),
    verdict(finding),
    String(finding.runs),
    finding.runs < 2 ? '' : `${Math.round(finding.spread * 100)}%`,
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line)].join('\n');
}

function verdict(finding: Finding): string {
  if (collapsed(finding)) return 'COLLAPSED';
  if (finding.wanted === 0) return '';
  return reached(finding) ? 'reached' : 'not reached';
}

const number = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
