import type { IncomingMessage } from 'node:http';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason, systemReason } from '../../../contract/faults/reasons.ts';
import { headerOf, httpGet } from '../http-get.ts';
import type { Exchange, Executor } from '../http-get.ts';

/** Byte range; `end` is exclusive. */
export type Range = { readonly start: number; readonly end: number };
export type BytesRequest = {
  readonly executor: Executor;
  readonly url: URL;
  /** Names of the feed and of the file, for messages. */
  readonly feed: string;
  readonly file: string;
  /** Null requests the whole file. */
  readonly range: Range | null;
  /** Signed length of the whole file. */
  readonly size: number;
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** Receives the bytes in order; no more are read until it resolves (back-pressure). */
  readonly take: (piece: Buffer) => Promise<Outcome<void>>;
  /** Prepares for the whole file when the server ignores the range; without it such a response is discarded. */
  readonly onWhole?: () => Promise<Outcome<void>>;
};
/** `no-range`: the server does not support ranges, or answers with a wrong one. */
export type Got = 'done' | 'no-range';

/**
 * One GET whose response is accepted only if status, range and length match the request. Redirects to another host are
 * refused.
 */
export async function getBytes(request: BytesRequest): Promise<Outcome<Got>> {
  const { executor, url, feed, range, stallMs, signal } = request;
  let taking: Promise<void> = Promise.resolve();
  const outcome = await httpGet<Got>({
    executor,
    url,
    feed,
    silentMs: stallMs,
    signal,
    ...(range && { headers: { Range: `bytes=${range.start}-${range.end - 1}` } }),
    broken: (why) => failed('download-dropped', { feed, reason: why }),
    read: (response, exchange) => {
      exchange.alive();
      void readResponse(request, response, { exchange, onTaking: (busy) => (taking = busy) });
    },
  });
  // A pending `take` must not overlap with the next request.
  await taking;
  return outcome;
}

type Reading = {
  readonly exchange: Exchange<Got>;
  readonly onTaking: (taking: Promise<void>) => void;
};

async function readResponse(
  request: BytesRequest,
  response: IncomingMessage,
  { exchange, onTaking }: Reading,
): Promise<void> {
  const { feed, file, range, size } = request;
  const { settle } = exchange;
  response.on('aborted', () => settle(failed('download-dropped', { feed, reason: reason('was-cut') })));
  response.on('error', (error) => settle(failed('download-dropped', { feed, reason: systemReason(error) })));
  const body = { request, response, exchange, onTaking };
  const status = response.statusCode ?? 0;
  if (range && status === 206) {
    const isTrue = headerOf(response, 'content-range') === `bytes ${range.start}-${range.end - 1}/${size}`;
    return isTrue ? readBody(body, range.end - range.start) : settle(ok('no-range'));
  }
  if (range && status === 416) return settle(ok('no-range'));
  if (status !== 200) return settle(failed('download-refused', { feed, status, file }));
  if (range && !request.onWhole) return settle(ok('no-range'));
  const length = headerOf(response, 'content-length');
  if (length !== undefined && Number(length) !== size)
    return settle(failed('trust-digest', { file, what: reason('the-length') }));
  response.pause();
  const ready = range ? await request.onWhole?.() : null;
  if (ready && !ready.ok) return settle(ready);
  readBody(body, size);
}

type Body = Reading & { readonly request: BytesRequest; readonly response: IncomingMessage };

function readBody({ request, response, exchange, onTaking }: Body, wanted: number): void {
  const { feed, file, range, take } = request;
  const { settle, isSettled, alive, hold } = exchange;
  let received = 0;
  response.on('data', (piece: Buffer) => {
    if (isSettled()) return;
    hold();
    received += piece.byteLength;
    if (received > wanted)
      return settle(range ? ok('no-range') : failed('trust-digest', { file, what: reason('the-length') }));
    response.pause();
    onTaking(
      take(piece).then((taken) => {
        if (!taken.ok) return settle(taken);
        if (received === wanted) return settle(ok('done'));
        alive();
        response.resume();
      }),
    );
  });
  response.on('end', () => {
    if (received < wanted) settle(failed('download-dropped', { feed, reason: reason('ended-too-early') }));
  });
  if (wanted === 0) settle(ok('done'));
  else response.resume();
}
