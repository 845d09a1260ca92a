import type { IncomingHttpHeaders } from 'node:http';

/** The token of a request: `Authorization: Bearer …`, or `X-Outpost-Token` where a client cannot set that. */
export function tokenOf({ authorization, 'x-outpost-token': own }: IncomingHttpHeaders): string | null {
  if (authorization !== undefined) {
    const bearer = /^Bearer +(\S+)$/iu.exec(authorization)?.[1];
    if (bearer !== undefined) return bearer;
  }
  return typeof own === 'string' && own !== '' ? own : null;
}
