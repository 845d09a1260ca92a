import { configureRequestUrl } from 'builder-util-runtime';
import type { HttpExecutor } from 'builder-util-runtime';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { reason, systemReason } from '../../../contract/reasons.ts';
import { isMetadataFile, targetSteps } from './names.ts';
import type { MetadataSource, ReadOptions, Target, TargetPlace } from './source.ts';

/** What Electron's `net.request` and Node's `http.request` have in common. */
type Wire = {
  abort(): void;
  end(data?: Buffer): void;
  on(event: string, listener: (...args: never[]) => void): unknown;
};
export type Executor = HttpExecutor<Wire>;

/** How long a server may be silent, and however the bytes trickle in, how long one file of metadata may take. */
export type Patience = { readonly silentForMs: number; readonly longestMs: number };
const patience: Patience = { silentForMs: 20_000, longestMs: 300_000 };
const mostHops = 3;

/** A feed on a web server. Nothing is sent but GET, no cookie, no token; nothing is taken from another host. */
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
    let url = new URL(`metadata/${file}`, base);
    for (let hop = 0; ; hop += 1) {
      const answer = await get({ executor, url, file, name, silentForMs, longestMs }, options);
      if (!answer.ok) return answer;
      if (answer.value.kind === 'body') return ok(answer.value.bytes);
      const next = URL.canParse(answer.value.to, url.href) ? new URL(answer.value.to, url) : null;
      // Also from https to http of the same host: whoever sits between could choose what is seen.
      if (next?.origin !== url.origin || hop === mostHops)
        return failed('download-redirected', { feed: name, host: next?.host ?? 'nowhere' });
      url = next;
    }
  }

  async function placeOf(target: Target): Promise<Outcome<TargetPlace>> {
    const steps = targetSteps(target);
    if (!steps)
      return failed('trust-malformed', { file: 'targets.json', reason: reason('name-not-allowed') });
    return ok({ kind: 'url', url: new URL(steps.map(encodeURIComponent).join('/'), base) });
  }

  return ok({ kind: 'http', name, readMetadata, placeOf, close: async () => undefined });
}

function baseOf(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  // A password in an address would be sent to the server on every check and shown in messages.
  if (url.username !== '' || url.password !== '') return null;
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

type Ask = Patience & {
  readonly executor: Executor;
  readonly url: URL;
  readonly file: string;
  readonly name: string;
};
type Answer =
  | { readonly kind: 'body'; readonly bytes: Buffer | null }
  | { readonly kind: 'redirect'; readonly to: string };

function get(
  { executor, url, file, name, silentForMs, longestMs }: Ask,
  { limitBytes, signal }: ReadOptions,
): Promise<Outcome<Answer>> {
  if (signal.aborted) return Promise.resolve(failed('cancelled'));
  return new Promise((resolve) => {
    let isDone = false;
    let watchdog: NodeJS.Timeout | undefined;
    const done = (outcome: Outcome<Answer>): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(watchdog);
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
      request.abort();
      resolve(outcome);
    };
    const onAbort = (): void => done(failed('cancelled'));
    const stalled = (ms: number): NodeJS.Timeout =>
      setTimeout(() => done(failed('download-stalled', { feed: name, seconds: ms / 1000 })), ms);
    const deadline = stalled(longestMs);
    const alive = (): void => {
      clearTimeout(watchdog);
      watchdog = stalled(silentForMs);
    };
    const tooLarge = failed('trust-malformed', { file, reason: reason('too-large', { limit: limitBytes }) });
    const options: RequestOptions & { redirect: 'manual' } = {
      headers: { 'Accept-Encoding': 'identity', 'Cache-Control': 'no-cache' },
      redirect: 'manual',
    };
    configureRequestUrl(url, options);
    const request = executor.createRequest(options, (response: IncomingMessage) => {
      const status = response.statusCode ?? 0;
      const location = one(response.headers.location);
      if (status >= 300 && status < 400 && location !== undefined)
        return done(ok({ kind: 'redirect', to: location }));
      // 403 is what some stores say for a file that is not there.
      if (status === 404 || status === 403 || status === 410) return done(ok({ kind: 'body', bytes: null }));
      if (status !== 200) return done(failed('download-refused', { feed: name, status, file }));
      if (Number(one(response.headers['content-length'])) > limitBytes) return done(tooLarge);
      const pieces: Buffer[] = [];
      let length = 0;
      response.on('data', (piece: Buffer) => {
        alive();
        length += piece.byteLength;
        if (length > limitBytes) return done(tooLarge);
        pieces.push(piece);
      });
      response.on('end', () => done(ok({ kind: 'body', bytes: Buffer.concat(pieces) })));
      const broke = (): void =>
        done(failed('feed-unreachable', { feed: name, reason: reason('connection-broke') }));
      response.on('aborted', broke);
      response.on('error', broke);
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      done(failed('feed-unreachable', { feed: name, reason: systemReason(error) })),
    );
    // Electron tells of a redirect in this way, before any response.
    request.on('redirect', (_status: number, _method: string, to: string) =>
      done(ok({ kind: 'redirect', to })),
    );
    signal.addEventListener('abort', onAbort);
    alive();
    request.end();
  });
}

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
