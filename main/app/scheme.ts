import { protocol } from 'electron';
import type { Session } from 'electron';
import { stackOf } from '../lib/error-text.ts';
import type { Log } from './log.ts';
import { scheme } from './our-page.ts';

/** Answers a request for one host of the scheme; null is "no such thing". */
export type Host = (url: URL, request: Request) => Promise<Response | null>;

/** Must run before the program is ready. */
export function registerScheme(): void {
  // With a code cache the page's scripts are compiled once, and not at every start.
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme, privileges }]);
}

/** Hands each request to its host; anything else is not there. Only reading is possible. */
export function serveScheme(session: Session, hosts: ReadonlyMap<string, Host>, log: Log): void {
  session.protocol.handle(scheme, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405);
    const url = new URL(request.url);
    const host = hosts.get(url.host);
    if (!host) return plain(404);
    try {
      return (await host(url, request)) ?? plain(404);
    } catch (error) {
      log.write('error', stackOf(error));
      return plain(500);
    }
  });
}

const plain = (status: number): Response =>
  new Response(null, { status, headers: { 'cache-control': 'no-store' } });
