import { configureRequestUrl } from 'builder-util-runtime';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { reason, systemReason, type Reason } from '../../../contract/reasons.ts';
import type { Executor } from '../sources/http.ts';

/** From `start` to before `end`. */
export type Range = { readonly start: number; readonly end: number };
export type Ask = {
  readonly executor: Executor;
  readonly url: URL;
  /** Of the feed and of the file, for messages. */
  readonly feed: string;
  readonly file: string;
  /** Null asks for the whole file. */
  readonly range: Range | null;
  /** Signed length of the whole file. */
  readonly size: number;
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** Takes bytes in their order; the next ones are not read before it is done. */
  readonly take: (piece: Buffer) => Promise<Outcome<void>>;
  /** Makes ready for the whole file where the server has no ranges; without it such an answer is let go. */
  readonly onWhole?: () => Promise<Outcome<void>>;
};
/** `no-range`: the server has none, or what it says of them is not true. */
export type Got = 'done' | 'no-range';
type Answer = { readonly kind: Got } | { readonly kind: 'redirect'; readonly to: string };

const mostHops = 3;

/** One GET that is believed only where status, range and length are as asked. Nothing is taken from another host. */
export async function getBytes(ask: Ask): Promise<Outcome<Got>> {
  let { url } = ask;
  for (let hop = 0; ; hop += 1) {
    const answer = await getOnce(ask, url);
    if (!answer.ok) return answer;
    if (answer.value.kind !== 'redirect') return ok(answer.value.kind);
    const { to } = answer.value;
    const next = URL.canParse(to, url.href) ? new URL(to, url) : null;
    if (next?.origin !== url.origin || hop === mostHops)
      return failed('download-redirected', { feed: ask.feed, host: next?.host ?? 'nowhere' });
    url = next;
  }
}

function getOnce(ask: Ask, url: URL): Promise<Outcome<Answer>> {
  const { executor, feed, file, range, size, stallMs, signal } = ask;
  if (signal.aborted) return Promise.resolve(failed('cancelled'));
  return new Promise((resolve) => {
    let isDone = false;
    let busy: Promise<void> | null = null;
    let watchdog: NodeJS.Timeout | undefined;
    const done = (outcome: Outcome<Answer>): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(watchdog);
      signal.removeEventListener('abort', onAbort);
      request.abort();
      // Whoever takes the bytes must not meet the next request half-way.
      if (busy) void busy.then(() => resolve(outcome));
      else resolve(outcome);
    };
    const onAbort = (): void => done(failed('cancelled'));
    const alive = (): void => {
      clearTimeout(watchdog);
      if (isDone) return;
      const seconds = stallMs / 1000;
      watchdog = setTimeout(() => done(failed('download-stalled', { feed, seconds })), stallMs);
    };
    const broke = (why: Reason): void => done(failed('download-dropped', { feed, reason: why }));

    function read(response: IncomingMessage, wanted: number): void {
      let received = 0;
      response.on('data', (piece: Buffer) => {
        if (isDone) return;
        clearTimeout(watchdog);
        received += piece.byteLength;
        if (received > wanted)
          return done(
            range ? ok({ kind: 'no-range' }) : failed('trust-digest', { file, what: reason('the-length') }),
          );
        response.pause();
        busy = ask.take(piece).then((taken) => {
          busy = null;
          if (!taken.ok) return done(taken);
          if (received === wanted) return done(ok({ kind: 'done' }));
          alive();
          response.resume();
        });
      });
      response.on('end', () => {
        if (received < wanted) broke(reason('ended-too-early'));
      });
      if (wanted === 0) done(ok({ kind: 'done' }));
      else response.resume();
    }

    async function judge(response: IncomingMessage): Promise<void> {
      const status = response.statusCode ?? 0;
      const location = one(response.headers.location);
      response.on('aborted', () => broke(reason('was-cut')));
      response.on('error', (error) => broke(systemReason(error)));
      if (status >= 300 && status < 400 && location !== undefined)
        return done(ok({ kind: 'redirect', to: location }));
      if (range && status === 206) {
        const isTrue =
          one(response.headers['content-range']) === `bytes ${range.start}-${range.end - 1}/${size}`;
        return isTrue ? read(response, range.end - range.start) : done(ok({ kind: 'no-range' }));
      }
      if (range && status === 416) return done(ok({ kind: 'no-range' }));
      if (status !== 200) return done(failed('download-refused', { feed, status, file }));
      if (range && !ask.onWhole) return done(ok({ kind: 'no-range' }));
      const length = one(response.headers['content-length']);
      if (length !== undefined && Number(length) !== size)
        return done(failed('trust-digest', { file, what: reason('the-length') }));
      response.pause();
      const ready = range ? await ask.onWhole?.() : null;
      if (ready && !ready.ok) return done(ready);
      read(response, size);
    }

    // A compressed answer would be other bytes than the ones asked for.
    const headers: Record<string, string> = { 'Accept-Encoding': 'identity', 'Cache-Control': 'no-cache' };
    if (range) headers['Range'] = `bytes=${range.start}-${range.end - 1}`;
    const options: RequestOptions & { redirect: 'manual' } = { headers, redirect: 'manual' };
    configureRequestUrl(url, options);
    const request = executor.createRequest(options, (response: IncomingMessage) => {
      if (isDone) return;
      alive();
      void judge(response);
    });
    request.on('error', (error: Error) => broke(systemReason(error)));
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
