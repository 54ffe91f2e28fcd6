/** A scenario and all it imports as one script that k6's engine understands. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { SCENARIO_SOURCES, type ScenarioName } from './config.ts';

export async function bundleScenario(name: ScenarioName, outfile: string): Promise<void> {
  await build({
    entryPoints: [join(SCENARIO_SOURCES, `${name}.ts`)],
    inject: [join(SCENARIO_SOURCES, 'text-encoder.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@seatwire/source'],
    external: ['k6', 'k6/*'],
    // k6 runs ES2022, private fields included, but for these two, which @msgpack/msgpack has and nobody here calls.
    target: 'es2022',
    supported: { 'for-await': false, 'async-generator': false },
    logLevel: 'silent',
  });
}
