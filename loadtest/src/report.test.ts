import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PLOTS, type RunOptions, readArguments } from './config.ts';
import { FindingsTail } from './k6-run.ts';
import { readMetrics, reporting, writeSummary } from './report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seatwire-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the report', () => {
  test('the report is plots by k6, often enough for a short run, and serves no page', () => {
    const made = join(folder, 'new', 'folder');
    expect(reporting(made, 20)).toMatchObject({
      K6_WEB_DASHBOARD_EXPORT: join(made, 'report.html'),
      K6_WEB_DASHBOARD_PERIOD: '1s',
      K6_WEB_DASHBOARD_PORT: '-1',
    });
    expect(reporting(made, 3600).K6_WEB_DASHBOARD_PERIOD).toBe('60s');
    expect(reporting(null, 20)).toEqual({});
  });

  test('the report plots only what the scenarios measure', () => {
    const sources = readFileSync(new URL('./scenarios/metrics.ts', import.meta.url), 'utf8');
    const plotted = readFileSync(PLOTS, 'utf8').match(/seatwire_\w+/g) ?? [];
    expect(plotted.length).toBeGreaterThan(10);
    for (const metric of plotted) expect(sources).toContain(`'${metric}'`);
  });

  test('the report says in JSON what ran, on what, and what was proven', () => {
    const options = readArguments(['browse', '--sockets', '7']) as RunOptions;
    writeSummary(folder, options, {
      startedAt: new Date('2026-11-21T12:00:00Z'),
      event: { id: 'e', title: 'Cup Final', places: 10 },
      metrics: { seatwire_hold_ms: { med: 3 } },
      thresholdsMet: true,
      verdict: { proven: false, soldTwice: [3], problems: ['place 3 is sold twice'], line: '1 places' },
      remarks: [],
      result: 'failed',
    });
    expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toMatchObject({
      scenario: 'browse',
      result: 'failed',
      passed: false,
      options: { sockets: 7, rate: 10 },
      machine: { cpus: expect.any(Number) },
      proof: { proven: false, problems: ['place 3 is sold twice'] },
      metrics: { seatwire_hold_ms: { med: 3 } },
    });
  });

  test('the report of a k6 that was stopped has no figures', () => {
    expect(readMetrics(join(folder, 'nothing.json'))).toEqual({});
  });
});

describe('progress', () => {
  test("progress is the sum of every virtual user's last word, however the lines are cut", () => {
    const file = join(folder, 'findings.jsonl');
    writeFileSync(file, '');
    const tail = new FindingsTail(file);
    const said = (vu: number, granted: number) =>
      `${JSON.stringify({ kind: 'progress', vu, joined: 5, granted, refused: 1, bought: 2, rejoined: 0 })}\n`;
    const first = said(1, 10) + said(2, 20);
    writeFileSync(file, first + said(1, 30).slice(0, 20));
    tail.read();
    expect(tail.line(10)).toBe('10 of 10 joined, 30 holds (2 refused), 4 places bought');
    writeFileSync(
      file,
      `${first}${said(1, 30)}${JSON.stringify({ kind: 'trouble', socket: 1, what: 'x' })}\n`,
    );
    tail.read();
    expect(tail.line(10)).toBe('10 of 10 joined, 50 holds (2 refused), 4 places bought, 1 in trouble');
    tail.close();
  });
});
