import { configureRequestUrl } from 'builder-util-runtime';
import type { HttpExecutor } from 'builder-util-runtime';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { systemReason, type Reason } from '../../contract/reasons.ts';
import { onAbort } from '../lib/abort.ts';

/** What Electron's `net.request` and Node's `http.request` have in common. */
type Request = {
  abort(): void;
  end(data?: Buffer): void;
  on(event: string, listener: (...args: never[]) => void): unknown;
};
export type Executor = HttpExecutor<Request>;

export type HttpGet<T> = {
  readonly executor: Executor;
  readonly url: URL;
  /** Name of the feed, for messages. */
  readonly feed: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the server may be silent. */
  readonly silentMs: number;
  /** How long one request may take, however its bytes trickle in; absent: without end. */
  readonly longestMs?: number;
  readonly signal: AbortSignal;
  /** The fault of a connection that fails. */
  readonly broken: (why: Reason) => Outcome<never>;
  /** Judges a response that is no redirect and reads its body; calls `settle` once it knows the outcome. */
  readonly read: (response: IncomingMessage, exchange: Exchange<T>) => void;
};
/** One request that is under way. */
export type Exchange<T> = {
  /** Ends the request; what is settled later changes nothing. */
  settle(outcome: Outcome<T>): void;
  isSettled(): boolean;
  /** Restarts the clock that watches for silence. */
  alive(): void;
  /** Stops that clock while the reader itself is busy. */
  hold(): void;
};

const mostHops = 3;

/** One GET without cookie or token. Redirects are followed on the same origin alone, also not from https to http: whoever sits between could choose what is seen. */
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

type Answer<T> =
  { readonly kind: 'read'; readonly value: T } | { readonly kind: 'redirect'; readonly to: string };

function requestOnce<T>(get: HttpGet<T>, url: URL): Promise<Outcome<Answer<T>>> {
  const { executor, feed, silentMs, longestMs, signal } = get;
  if (signal.aborted) return Promise.resolve(failed('cancelled'));
  return new Promise((resolve) => {
    let isSettled = false;
    let watchdog: NodeJS.Timeout | undefined;
    let stopListening = (): void => undefined;
    const end = (outcome: Outcome<Answer<T>>): void => {
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
      // A compressed answer would be other bytes than the ones asked for.
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
    // Electron tells of a redirect in this way, before any response.
    request.on('redirect', (_status: number, _method: string, to: string) => redirect(to));
    stopListening = onAbort(signal, () => end(failed('cancelled')));
    exchange.alive();
    request.end();
  });
}

/** A header's first value. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
