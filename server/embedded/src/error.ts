/** Why an embedded store could not be started, kept or stopped. Stable: scripts and tests may match on it. */
export type EmbeddedStoreCode =
  | 'port_taken'
  | 'disk_full'
  | 'unsupported_platform'
  | 'binary_missing'
  | 'binary_changed'
  | 'folder_locked'
  | 'folder_unusable'
  | 'user_unsuitable'
  | 'start_failed'
  | 'start_timeout'
  | 'stop_failed'
  | 'exited';

export type StoreName = 'Redis' | 'Postgres' | 'MongoDB';

/** The environment variable that names a real server to use in place of the embedded one. */
export const URL_VARIABLE: Readonly<Record<StoreName, string>> = {
  Redis: 'SEATWIRE_REDIS_URL',
  Postgres: 'SEATWIRE_DATABASE_URL',
  MongoDB: 'SEATWIRE_MONGO_URL',
};

/** A lost or unusable store. The message says what happened and what to do about it, on one or two lines. */
export class EmbeddedStoreError extends Error {
  readonly code: EmbeddedStoreCode;

  constructor(code: EmbeddedStoreCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EmbeddedStoreError';
    this.code = code;
  }
}

/** Turns a failed file operation on `path` into an error that says what to do; anything else is kept as the cause. */
export function folderError(path: string, cause: unknown): EmbeddedStoreError {
  if (cause instanceof EmbeddedStoreError) return cause;
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (reason === 'ENOSPC' || reason === 'EDQUOT') return diskFull(path, cause);
  return new EmbeddedStoreError(
    'folder_unusable',
    `The folder ${path} cannot be read and written (${reason ?? String(cause)}). ` +
      'Check its owner and permissions, or name another one.',
    { cause },
  );
}

export function diskFull(path: string, cause?: unknown): EmbeddedStoreError {
  return new EmbeddedStoreError(
    'disk_full',
    `No space is left on the disk that holds ${path}. Free some space and start again; what was confirmed is kept.`,
    { cause },
  );
}

export function unsupportedPlatform(store: StoreName, detail: string, cause?: unknown): EmbeddedStoreError {
  return new EmbeddedStoreError(
    'unsupported_platform',
    `There is no embedded ${store} for this machine (${process.platform} ${process.arch}): ${detail} ` +
      `Set ${URL_VARIABLE[store]} to the address of a real ${store} server.`,
    { cause },
  );
}

/** Postgres was started by root, for a folder that only root may enter. */
export function rootNeedsOpenFolder(folder: string, reason: string): EmbeddedStoreError {
  return new EmbeddedStoreError(
    'user_unsuitable',
    `Postgres does not run as root, and the user it would run as may not enter ${folder} (${reason}). ` +
      'Start as another user, move the project to a folder others may enter, or set SEATWIRE_DATABASE_URL.',
  );
}

/** The most telling reason in a store's own log, when it gave up at start. `how` it ended, such as `status 1`, where known. */
export function explainLog(
  store: StoreName,
  dir: string,
  port: number,
  words: string,
  how?: string,
): EmbeddedStoreError {
  // What a patched copy makes of an older system's loader at each start, harmless (see elf.ts): not a reason to give up.
  const log = words.replaceAll(/^.*: weak version `\S+' not found.*\n/gm, '');
  const tail = lastLines(log);
  if (/No space left on device|ENOSPC|disk quota exceeded/i.test(log)) return diskFull(dir, tail);
  if (/Can't handle RDB format version|database files are incompatible with server/.test(log)) {
    return new EmbeddedStoreError(
      'folder_unusable',
      `The data in ${dir} was written by another version of ${store} than the one that is to read it. ` +
        `Move the folder away to begin anew, or set ${URL_VARIABLE[store]} to a server of that version.`,
      { cause: tail },
    );
  }
  const refused = /^setpriv: .*$/m.exec(log);
  if (refused) return rootNeedsOpenFolder(dir, refused[0]);
  if (/Address already in use|EADDRINUSE|could not bind/i.test(log)) {
    return new EmbeddedStoreError(
      'port_taken',
      `Port ${port}, wanted for the embedded ${store}, is in use by another program. Stop that one or choose another port.`,
      { cause: tail },
    );
  }
  if (
    /version `\w+_[\d.]+' not found|cannot open shared object file|Exec format error|Illegal instruction/i.test(
      log,
    )
  ) {
    return unsupportedPlatform(
      store,
      `the system's loader refused it (${firstLine(log, /not found|cannot open|Exec/i)}).`,
    );
  }
  if (how === 'SIGILL') return unsupportedPlatform(store, 'the processor lacks an instruction it needs.');
  if (/Permission denied|Read-only file system|EACCES|EROFS|Operation not permitted/i.test(log)) {
    return folderError(dir, new Error(firstLine(log, /denied|Read-only|EACCES|EROFS|not permitted/i)));
  }
  return new EmbeddedStoreError(
    'start_failed',
    `The embedded ${store} in ${dir} gave up at start${how === undefined ? '' : ` (${how})`}. ${quoted(tail)}`,
  );
}

/** A log's end, as a message quotes it. */
export function lastWords(log: string): string {
  return quoted(lastLines(log));
}

function lastLines(log: string): string {
  return log.trim().split('\n').slice(-6).join('\n');
}

function quoted(tail: string): string {
  return tail === '' ? 'It said nothing.' : `Its last words:\n${tail}`;
}

function firstLine(log: string, pattern: RegExp): string {
  return (log.split('\n').find((line) => pattern.test(line)) ?? log).trim();
}
