/** Runs `server/src/gateway/fan-out.bench.ts` with so many sockets, in turn in each of its modes. */
import { join } from 'node:path';
import { PROJECT } from '../config.ts';
import { AskedProgram } from './built-program.ts';
import { Crowd } from './client/crowd.ts';

export interface Published {
  readonly deliveries: number;
  readonly changes: number;
  readonly cpuUs: number;
  readonly ms: number;
}
export type Publishing = Readonly<Record<'send' | 'publish' | 'publish-32' | 'conflated-32', Published>>;

export async function publishingTo(
  sockets: number,
  rounds: number,
  msEach: number,
): Promise<readonly Publishing[]> {
  const program = new AskedProgram([join(PROJECT, 'server', 'dist', 'gateway', 'fan-out.bench.js')]);
  let crowd: Crowd | null = null;
  try {
    const { port } = await program.next<{ port: number }>();
    const urls = [`http://127.0.0.1:${port}`];
    const events = ['019aa000-0000-7000-8000-000000000000'];
    crowd = await Crowd.open({ kind: 'viewers', dialect: 'sink', urls, events, sockets, timing: false });
    await program.ask(String(msEach / 4));
    const all: Publishing[] = [];
    for (let round = 0; round < rounds; round++) {
      const said = await program.ask<{ sockets: number; results: Publishing }>(String(msEach));
      if (said.sockets !== sockets) throw new Error(`${said.sockets} of ${sockets} sockets are there`);
      all.push(said.results);
    }
    const { fewest, most } = await crowd.viewers();
    if (fewest !== most) throw new Error(`a viewer got ${fewest} frames, another ${most}`);
    return all;
  } finally {
    await crowd?.close();
    await program.stop();
  }
}
