/** uWebSockets.js for the peers, loaded just as the server loads it: they are to be measured on the same engine. */
import { createRequire } from 'node:module';
import { patchedSocketEngine } from '@seatwire/embedded';

type Engine = typeof import('uWebSockets.js');

async function load(): Promise<Engine> {
  const require = createRequire(import.meta.url);
  try {
    return require('uWebSockets.js') as Engine;
  } catch (refusal) {
    return await patchedSocketEngine<Engine>(refusal, import.meta.url);
  }
}

export const uWS = await load();
