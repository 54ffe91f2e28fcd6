/**
 * From uWebSockets.js to fetch: a request becomes a `Request`, a `Response` is written back. uWS rules that shape this file:
 * the request object dies with the handler's first return, so everything is copied at once; the abort handler is installed before
 * anything else, since without it an abort ends the process; nothing is written after an abort; every write is corked; a body chunk
 * is only lent, so it is copied.
 */
import { STATUS_CODES } from 'node:http';
import type { HttpRequest, HttpResponse, TemplatedApp } from '../engine/uws.ts';

export interface Peer {
  /** Address of the client, or of what the trusted proxy says it is. */
  readonly address: string;
}

export interface AdapterOptions {
  readonly maxBodyBytes: number;
  /** From the first byte of the request to the answer. */
  readonly deadlineMs: number;
  readonly trustProxy: boolean;
  /** Answers for what cannot reach the handler. */
  readonly tooLarge: () => Response;
  readonly timedOut: () => Response;
  /** A defect in the handler; it should never throw. */
  readonly failed: (error: unknown) => Response;
}

export type Handler = (request: Request, peer: Peer) => Response | Promise<Response>;

const BODILESS = new Set(['GET', 'HEAD']);
/** Answers that must not carry a length. */
const NO_CONTENT = new Set([204, 304]);
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Answers every method of `pattern` with `handler`. */
export function serveFetch(
  app: TemplatedApp,
  pattern: string,
  handler: Handler,
  options: AdapterOptions,
): void {
  app.any(pattern, (res, req) => {
    const exchange = new Exchange(res, options.deadlineMs, options.timedOut);
    const { method, url, headers } = copyRequest(req);
    const peer = { address: addressOf(res, headers, options.trustProxy) };
    if (!METHODS.has(method)) {
      exchange.send(new Response(null, { status: 405 }), method);
      return;
    }
    const answer = (body: Buffer | null): void => {
      Promise.resolve()
        .then(() => handler(new Request(url, { method, headers, body }), peer))
        .catch(options.failed)
        .then((response) => exchange.send(response, method))
        .catch(() => exchange.drop());
    };
    if (BODILESS.has(method)) answer(null);
    else readBody(res, exchange, options, (body) => answer(body.length === 0 ? null : body));
  });
}

function copyRequest(req: HttpRequest): { method: string; url: string; headers: Headers } {
  const method = req.getCaseSensitiveMethod().toUpperCase();
  const headers = new Headers();
  req.forEach((name, value) => {
    try {
      headers.append(name, value);
    } catch {
      // fetch refuses some bytes that the parser lets pass; such a header is dropped.
    }
  });
  const query = req.getQuery();
  const target = query ? `${req.getUrl()}?${query}` : req.getUrl();
  return { method, url: urlOf(target), headers };
}

/** Of the target alone: a Host header may hold an account or a path, and would then break or change what is asked for. */
function urlOf(target: string): string {
  const url = `http://localhost${target.startsWith('/') ? '' : '/'}${target}`;
  return URL.canParse(url) ? url : 'http://localhost/';
}

function addressOf(res: HttpResponse, headers: Headers, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  return forwarded || Buffer.from(res.getRemoteAddressAsText()).toString('latin1');
}

function readBody(
  res: HttpResponse,
  exchange: Exchange,
  options: AdapterOptions,
  done: (body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  res.onData((chunk, isLast) => {
    if (exchange.over) return;
    size += chunk.byteLength;
    if (size > options.maxBodyBytes) {
      exchange.send(options.tooLarge(), 'POST', true);
      return;
    }
    if (chunk.byteLength > 0) chunks.push(Buffer.from(Buffer.from(chunk)));
    if (isLast) done(Buffer.concat(chunks, size));
  });
}

/** One request and its single answer: aborted, timed out or sent, whichever is first. */
class Exchange {
  readonly #res: HttpResponse;
  readonly #timer: NodeJS.Timeout;
  over = false;

  constructor(res: HttpResponse, deadlineMs: number, timedOut: () => Response) {
    this.#res = res;
    res.onAborted(() => this.#finish());
    this.#timer = setTimeout(() => this.send(timedOut(), 'POST', true), deadlineMs);
  }

  async send(response: Response, method: string, close = false): Promise<void> {
    if (this.over) return;
    const body = response.body === null ? null : new Uint8Array(await response.arrayBuffer());
    if (this.over) return;
    this.#finish();
    this.#res.cork(() => {
      this.#res.writeStatus(`${response.status} ${STATUS_CODES[response.status] ?? ''}`);
      response.headers.forEach((value, name) => {
        if (name !== 'content-length' && name !== 'set-cookie') this.#res.writeHeader(name, value);
      });
      for (const cookie of response.headers.getSetCookie()) this.#res.writeHeader('set-cookie', cookie);
      if (method === 'HEAD') this.#res.endWithoutBody(body?.length ?? 0, close);
      else if (NO_CONTENT.has(response.status)) this.#res.endWithoutBody();
      else if (body === null) this.#res.end('', close);
      else this.#res.end(body, close);
    });
  }

  /** Closes the connection without an answer. */
  drop(): void {
    if (this.over) return;
    this.#finish();
    this.#res.close();
  }

  #finish(): void {
    this.over = true;
    clearTimeout(this.#timer);
  }
}
