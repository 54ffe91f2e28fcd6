/** A whole system with a Chromium in front of it, for one file of browser tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type System, startSystem } from '@seatwire/local';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from '../chromium/chromium.ts';
import { Visitor, type VisitorOptions } from './visitor.ts';

type SystemOptions = Omit<Parameters<typeof startSystem>[0], 'dataDir'>;

export interface Site {
  readonly system: System;
  readonly browser: Browser;
  /** Leaves after the test that let them in. */
  visitor(options?: VisitorOptions): Promise<Visitor>;
}

/** Opens before the file's first test and closes after its last, on a data folder of its own. `options` may take a while to make. */
export function openSite(name: string, options: SystemOptions | (() => Promise<SystemOptions>) = {}): Site {
  let dataDir: string;
  let system: System | undefined;
  let browser: Browser | undefined;
  let visitors: Visitor[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), `seatwire-${name}-`));
    const { env, ...wanted } = typeof options === 'function' ? await options() : options;
    [system, browser] = await Promise.all([
      startSystem({ ...wanted, dataDir, env: { LOG_LEVEL: 'warn', ...env } }),
      launchChromium(),
    ]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), system?.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  });
  afterEach(async () => {
    await Promise.all(visitors.map((visitor) => visitor.leave()));
    visitors = [];
  });

  return {
    get system() {
      return system!;
    },
    get browser() {
      return browser!;
    },
    async visitor(who) {
      const one = await Visitor.arrive(browser!, system!.url, who);
      visitors.push(one);
      return one;
    },
  };
}
