/** Whether this process lives (/healthz) and whether it should get traffic (/readyz). */

/** One dependency. Resolves when it answers. */
export interface Probe {
  readonly name: string;
  /** Without it seats do not sell, so the process is not ready. */
  readonly required: boolean;
  readonly ask: () => Promise<unknown>;
}

const DEADLINE_MS = 1_500;

export interface Readiness {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed' | 'timeout'>>;
}

export async function readiness(probes: readonly Probe[], draining: boolean): Promise<Readiness> {
  const results = await Promise.all(probes.map((probe) => ask(probe)));
  const checks = Object.fromEntries(probes.map((probe, i) => [probe.name, results[i]!]));
  const sound = probes.every((probe, i) => !probe.required || results[i] === 'ok');
  return { ready: sound && !draining, draining, checks };
}

async function ask(probe: Probe): Promise<'ok' | 'failed' | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), DEADLINE_MS);
  });
  const answer = probe.ask().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
