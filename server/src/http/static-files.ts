/**
 * The built web page, from memory: read once at start, compressed once, never from the disk again, so no request can name a file
 * outside it. Paths of the page's own routes answer with index.html.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { codingFor, isKnown } from './negotiation.ts';

interface StaticFile {
  readonly type: string;
  readonly etag: string;
  /** Built files carry a hash of their content in their name: they never change. */
  readonly immutable: boolean;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly encoded: { readonly br?: Uint8Array<ArrayBuffer>; readonly gzip?: Uint8Array<ArrayBuffer> };
}

/** Larger pages than this are no web page: bytes. */
const LARGEST_FOLDER = 64 * 1024 * 1024;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^text\/|json|svg/;
/** Routes of the page itself; see web-demo. */
const PAGE_ROUTES = /^\/(?:event\/[^/]+|monitor\/[^/]+|orders)?\/?$/;
const HASHED_NAME = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;

  /** A folder that is not there makes an empty site: every path is then unknown. */
  constructor(root: string) {
    this.#files = readFolder(root);
  }

  /** False when there is no page: it was not built. */
  get present(): boolean {
    return this.#files.has('/index.html');
  }

  /** Null when no file and no route of the page has this path. */
  answer(path: string, headers: Headers): Response | null {
    const file = this.#files.get(PAGE_ROUTES.test(path) ? '/index.html' : path);
    if (!file) return null;
    const answer = new Headers({
      etag: file.etag,
      'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
    });
    if (isKnown(headers.get('if-none-match'), file.etag))
      return new Response(null, { status: 304, headers: answer });
    answer.set('content-type', file.type);
    const there = (['br', 'gzip'] as const).filter((coding) => file.encoded[coding]);
    const encoding = codingFor(headers.get('accept-encoding'), there);
    if (encoding) answer.set('content-encoding', encoding);
    return new Response(encoding ? file.encoded[encoding]! : file.plain, { headers: answer });
  }

  /** The page, which says itself that nothing is at this address. Whole each time: what a cache has of it is no answer here. */
  notThere(headers: Headers): Response {
    const asked = new Headers(headers);
    asked.delete('if-none-match');
    const page = this.answer('/', asked);
    page?.headers.delete('etag');
    return new Response(page?.body ?? null, { status: 404, headers: page?.headers ?? {} });
  }
}

function readFolder(root: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  let total = 0;
  for (const path of listFolder(root)) {
    const plain = new Uint8Array(readFileSync(path));
    total += plain.length;
    if (total > LARGEST_FOLDER)
      throw new Error(`${root} holds more than ${LARGEST_FOLDER} bytes: not a web page`);
    files.set(`/${relative(root, path).split(sep).join('/')}`, readStatic(path, plain));
  }
  return files;
}

function listFolder(root: string): string[] {
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function readStatic(path: string, plain: Uint8Array<ArrayBuffer>): StaticFile {
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const compress = COMPRESSIBLE.test(type) && plain.length > 1024;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  return {
    type,
    plain,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    immutable: HASHED_NAME.test(path) && /[\\/]assets[\\/]/.test(path),
    encoded: compress
      ? { br: new Uint8Array(brotliCompressSync(plain, quality)), gzip: new Uint8Array(gzipSync(plain)) }
      : {},
  };
}
