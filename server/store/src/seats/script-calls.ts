/**
 * Calls of a script library. A Redis that does not have it (it is new, was wiped, or another node took over) says so before anything
 * is done: it is loaded then, and the call repeated. Libraries of other versions are left alone while they are few, since their
 * processes may be running beside us; were one taken away, its process would load it again.
 */
import { isCluster, type RedisClient } from './connections.ts';
import { LIBRARY_PREFIX, type ScriptLibrary, type ScriptName } from './scripts.ts';

export type ScriptArgument = string | number | Buffer;

/** Of versions before ours: each is some 100 KB of Redis. */
const MOST_OTHERS = 8;

export class ScriptCalls {
  readonly #redis: RedisClient;
  readonly #library: ScriptLibrary;
  #loading: Promise<void> | undefined;

  constructor(redis: RedisClient, library: ScriptLibrary) {
    this.#redis = redis;
    this.#library = library;
  }

  async call(name: ScriptName, args: readonly ScriptArgument[], form: '' | 'Buffer' = ''): Promise<unknown> {
    const { name: script, numberOfKeys } = this.#library.functions[name];
    const ask = () => this.#redis[`call${form}`]('FCALL', script, numberOfKeys, ...args);
    try {
      return await ask();
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.load();
      return ask();
    }
  }

  /** On every master. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const client = this.#redis;
    const masters = isCluster(client) ? client.nodes('master') : [client];
    await Promise.all(
      masters.map(async (master) => {
        const pattern = `${LIBRARY_PREFIX}*`;
        const listed = (await master.call('FUNCTION', 'LIST', 'LIBRARYNAME', pattern)) as unknown[][];
        const names = listed.map((library) => String(library[library.indexOf('library_name') + 1]));
        if (names.includes(this.#library.name)) return;
        if (names.length > MOST_OTHERS)
          for (const name of names) await master.call('FUNCTION', 'DELETE', name).catch(() => {});
        await master.call('FUNCTION', 'LOAD', this.#library.lua).catch((error: unknown) => {
          if (!isThere(error)) throw error;
        });
      }),
    );
  }
}

const says = (error: unknown, words: RegExp) => error instanceof Error && words.test(error.message);
const isNotFound = (error: unknown) => says(error, /^ERR Function not found/);
const isThere = (error: unknown) => says(error, /^ERR Library '\w+' already exists/);
