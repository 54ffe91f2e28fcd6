/** A chart of 50,000 places is large: written and compressed once, kept as long as the catalogue keeps the chart. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Catalogue } from '@seatwire/domain';
import { type Chart, type ChartId, type Refusal, refused } from '@seatwire/protocol';
import { codingFor, isKnown } from './negotiation.ts';

interface ChartText {
  readonly identity: Uint8Array<ArrayBuffer>;
  readonly br: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

const texts = new WeakMap<Chart, Promise<ChartText>>();

/** `caching`: the Cache-Control of the answer. */
export async function chartResponse(
  catalogue: Catalogue,
  id: ChartId,
  headers: Headers,
  caching: string,
): Promise<never | Refusal | Response> {
  const found = await catalogue.chart(id);
  if (!found) return refused('not_found');
  const shared = { etag: `"${id}"`, 'cache-control': caching, vary: 'accept-encoding' };
  if (isKnown(headers.get('if-none-match'), shared.etag))
    return new Response(null, { status: 304, headers: shared });
  const text = await textOf(found);
  const encoding = codingFor(headers.get('accept-encoding'), ['br', 'gzip']);
  return new Response(text[encoding ?? 'identity'], {
    headers: {
      ...shared,
      'content-type': 'application/json',
      ...(encoding ? { 'content-encoding': encoding } : {}),
    },
  });
}

function textOf(document: Chart): Promise<ChartText> {
  const known = texts.get(document);
  if (known) return known;
  const text = writeChart(document);
  texts.set(document, text);
  return text;
}

async function writeChart(document: Chart): Promise<ChartText> {
  const identity = new Uint8Array(Buffer.from(JSON.stringify(document)));
  const [br, zipped] = await Promise.all([
    promisify(brotliCompress)(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
    promisify(gzip)(identity),
  ]);
  return { identity, br: new Uint8Array(br), gzip: new Uint8Array(zipped) };
}
