import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';

/** Address of a queue. `shown` is without the password, for messages. */
export type QueueAddress = {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly isTls: boolean;
  readonly name: string;
  readonly shown: string;
};

/** `redis://[user:password@]host[:port][/db][?name=…]`, or `rediss:` for TLS; the name is `outpost` when none is given. */
export function parseQueueAddress(text: string): Outcome<QueueAddress> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^rediss?:$/u.test(url.protocol) || url.hostname === '')
    return refused('it has to look like redis://host:6379');
  const db = /^\/?(\d{0,3})$/u.exec(url.pathname)?.[1];
  if (db === undefined) return refused('the part behind the port is the number of a database, as in /0');
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'name');
  if (unknown !== undefined) return refused(`${unknown} is not known; there is name`);
  const name = url.searchParams.get('name') ?? 'outpost';
  if (!/^[\w.-]{1,64}$/u.test(name))
    return refused('a name has letters, digits, dots and dashes, at most 64');
  const port = url.port === '' ? 6379 : Number(url.port);
  return ok({
    // URLs put IPv6 addresses in brackets, sockets do not take them.
    host: url.hostname.replace(/^\[|\]$/gu, ''),
    port,
    db: Number(db),
    username: decoded(url.username),
    password: decoded(url.password),
    isTls: url.protocol === 'rediss:',
    name,
    shown: `${url.protocol}//${url.hostname}:${port}/${Number(db)}?name=${name}`,
  });
}

const refused = (reason: string): Outcome<never> =>
  failed('usage', { reason: `--queue cannot be used: ${reason}.`, command: 'work' });

function decoded(part: string): string | undefined {
  if (part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
