import { configureRequestUrl } from 'builder-util-runtime';
import type { HttpExecutor } from 'builder-util-runtime';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { systemReason, type Reason } from '../../contract/faults/reasons.ts';
import { onAbort } from '../lib/abort.ts';

/** The common part of Electron's `net.request` and Node's `http.request`. */
type Request = {
  abort(): void;
  end(data?: Buffer): void;
  on(event: string, listener: (...args: never[]) => void): unknown;
};
export type Executor = HttpExecutor<Request>;

type HttpGet<T> = {
  readonly executor: Executor;
  readonly url: URL;
  /** Name of the feed, for messages. */
  readonly feed: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest time without any data. */
  readonly silentMs: number;
  /** Longest time for the whole request; absent: no limit. */
  readonly longestMs?: number;
  readonly signal: AbortSignal;
  /** The fault of a failed connection. */
  readonly broken: (why: Reason) => Outcome<never>;
  /** Handles a response that is not a redirect, and reads its body; calls `settle` with the outcome. */
  readonly read: (response: IncomingMessage, exchange: Exchange<T>) => void;
};
/** A request in progress. */
export type Exchange<T> = {
  /** Ends the request with this outcome; later calls have no effect. */
  settle(outcome: Outcome<T>): void;
  isSettled(): boolean;
  /** Restarts the silence timeout. */
  alive(): void;
  /** Suspends the silence timeout while the reader itself is busy. */
  hold(): void;
};

const mostHops = 3;

/**
 * One GET without cookies or tokens. Redirects are followed within the same origin only, and not from https to http:
 * otherwise a man in the middle could choose the content.
 */
export async function httpGet<T>(get: HttpGet<T>): Promise<Outcome<T>> {
  let { url } = get;
  for (let hop = 0; ; hop += 1) {
    const answer = await requestOnce(get, url);
    if (!answer.ok) return answer;
    if (answer.value.kind === 'read') return ok(answer.value.value);
    const { to } = answer.value;
    const next = URL.canParse(to, url.href) ? new URL(to, url) : null;
    if (next?.origin !== url.origin || hop === mostHops)
      return failed('download-redirected', { feed: get.feed, host: next?.host ?? 'nowhere' });
    url = next;
  }
}

type Hop<T> =
  { readonly kind: 'read'; readonly value: T } | { readonly kind: 'redirect'; readonly to: string };

function requestOnce<T>(get: HttpGet<T>, url: URL): Promise<Outcome<Hop<T>>> {
  const { executor, feed, silentMs, longestMs, signal } = get;
  if (signal.aborted) return Promise.resolve(failed('cancelled'));
  return new Promise((resolve) => {
    let isSettled = false;
    let watchdog: NodeJS.Timeout | undefined;
    let stopListening = (): void => undefined;
    const end = (outcome: Outcome<Hop<T>>): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(watchdog);
      clearTimeout(deadline);
      stopListening();
      request.abort();
      resolve(outcome);
    };
    const endAfter = (ms: number): NodeJS.Timeout =>
      setTimeout(() => end(failed('download-stalled', { feed, seconds: ms / 1000 })), ms);
    const deadline = longestMs === undefined ? undefined : endAfter(longestMs);
    const exchange: Exchange<T> = {
      settle: (outcome) => end(outcome.ok ? ok({ kind: 'read', value: outcome.value }) : outcome),
      isSettled: () => isSettled,
      alive: () => {
        clearTimeout(watchdog);
        if (!isSettled) watchdog = endAfter(silentMs);
      },
      hold: () => clearTimeout(watchdog),
    };
    const redirect = (to: string): void => end(ok({ kind: 'redirect', to }));
    const options: RequestOptions & { redirect: 'manual' } = {
      // A compressed response would not have the requested bytes.
      headers: { 'Accept-Encoding': 'identity', 'Cache-Control': 'no-cache', ...get.headers },
      redirect: 'manual',
    };
    configureRequestUrl(url, options);
    const request = executor.createRequest(options, (response: IncomingMessage) => {
      if (isSettled) return;
      const location = headerOf(response, 'location');
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400 && location !== undefined) return redirect(location);
      get.read(response, exchange);
    });
    request.on('error', (error: Error) => end(get.broken(systemReason(error))));
    // Electron reports a redirect by this event, before any response.
    request.on('redirect', (_status: number, _method: string, to: string) => redirect(to));
    stopListening = onAbort(signal, () => end(failed('cancelled')));
    exchange.alive();
    request.end();
  });
}

/** The first value of a header. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
