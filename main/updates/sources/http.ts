import type { IncomingMessage } from 'node:http';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { isMetadataFile, targetPath } from '../../../contract/lifecycle/feed.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { headerOf, httpGet } from '../http-get.ts';
import type { Exchange, Executor } from '../http-get.ts';
import type { MetadataSource, ReadOptions, Target, TargetPlace } from './source.ts';

/** Longest time without data, and longest time for one metadata file. */
export type Patience = { readonly silentForMs: number; readonly longestMs: number };
const patience: Patience = { silentForMs: 20_000, longestMs: 300_000 };

/** A feed on a web server. Sends only GET without cookies or tokens; other hosts are refused. */
export function openHttp(
  address: string,
  executor: Executor,
  { silentForMs, longestMs }: Patience = patience,
): Outcome<MetadataSource> {
  const parsed = baseOf(address);
  if (!parsed) return failed('feed-not-found', { feed: address, file: 'metadata' });
  const base: URL = parsed;
  const name = `${base.origin}${base.pathname}`;

  async function readMetadata(file: string, options: ReadOptions): Promise<Outcome<Buffer | null>> {
    if (!isMetadataFile(file)) return ok(null);
    return httpGet<Buffer | null>({
      executor,
      url: new URL(`metadata/${file}`, base),
      feed: name,
      silentMs: silentForMs,
      longestMs,
      signal: options.signal,
      broken: (why) => failed('feed-unreachable', { feed: name, reason: why }),
      read: (response, exchange) =>
        readBody(response, exchange, { feed: name, file, limitBytes: options.limitBytes }),
    });
  }

  async function placeOf(target: Target): Promise<Outcome<TargetPlace>> {
    const inFeed = targetPath(target.name, target.sha256);
    if (inFeed === null)
      return failed('trust-malformed', { file: 'targets.json', reason: reason('name-not-allowed') });
    return ok({ kind: 'url', url: new URL(inFeed.split('/').map(encodeURIComponent).join('/'), base) });
  }

  return ok({ kind: 'http', name, readMetadata, placeOf, close: async () => undefined });
}

function baseOf(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  // A password in the URL would be sent on every check and appear in messages.
  if (url.username !== '' || url.password !== '') return null;
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

type Wanted = { readonly feed: string; readonly file: string; readonly limitBytes: number };

function readBody(
  response: IncomingMessage,
  { settle, alive }: Exchange<Buffer | null>,
  { feed, file, limitBytes }: Wanted,
): void {
  const tooLarge = failed('trust-malformed', { file, reason: reason('too-large', { limit: limitBytes }) });
  const status = response.statusCode ?? 0;
  // Some object stores respond with 403 for a missing file.
  if (status === 404 || status === 403 || status === 410) return settle(ok(null));
  if (status !== 200) return settle(failed('download-refused', { feed, status, file }));
  if (Number(headerOf(response, 'content-length')) > limitBytes) return settle(tooLarge);
  const pieces: Buffer[] = [];
  let length = 0;
  response.on('data', (piece: Buffer) => {
    alive();
    length += piece.byteLength;
    if (length > limitBytes) return settle(tooLarge);
    pieces.push(piece);
  });
  response.on('end', () => settle(ok(Buffer.concat(pieces))));
  const onBroken = (): void =>
    settle(failed('feed-unreachable', { feed, reason: reason('connection-broke') }));
  response.on('aborted', onBroken);
  response.on('error', onBroken);
}
