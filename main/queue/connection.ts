import { Redis } from 'ioredis';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { waitOrAbort } from '../lib/abort.ts';
import type { QueueAddress } from './queue-address.ts';

export type Hooks = {
  /** Called once each time the connection is lost, and once when it is back. */
  readonly onDisconnect: (fault: Fault) => void;
  readonly onReconnect: () => void;
};
export type Connection = { readonly redis: Redis; readonly close: () => void };

const firstAnswerMs = 4_000;
const slowestRetryMs = 2_000;

/**
 * A connection that reconnects: commands wait while Redis is away. If Redis does not respond within seconds at the start,
 * the fault is `queue-unreachable`.
 */
export async function connect(place: QueueAddress, hooks: Hooks): Promise<Outcome<Connection>> {
  const redis = new Redis({
    host: place.host,
    port: place.port,
    db: place.db,
    username: place.username,
    password: place.password,
    ...(place.isTls && { tls: { servername: place.host } }),
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: firstAnswerMs,
    retryStrategy: (times) => Math.min(slowestRetryMs, 100 * times),
  });
  let reason = 'no answer';
  let state: 'opening' | 'there' | 'gone' = 'opening';
  redis.on('error', (error: Error) => (reason = plain(error)));
  redis.on('close', () => {
    if (state !== 'there') return;
    state = 'gone';
    hooks.onDisconnect(
      fault('queue-unreachable', { queue: place.shown, reason: 'the connection was closed' }),
    );
  });
  redis.on('ready', () => {
    if (state === 'gone') hooks.onReconnect();
    if (state !== 'opening') state = 'there';
  });
  const close = (): void => {
    state = 'opening';
    redis.disconnect();
  };
  const answer = redis
    .connect()
    .then(() => redis.ping())
    .then(
      () => true,
      (error: unknown) => {
        if (reason === 'no answer') reason = plain(error);
        return false;
      },
    );
  const first = await waitOrAbort(answer, { phase: 'the queue', deadlineMs: firstAnswerMs });
  if (first.kind !== 'done' || !first.value) {
    close();
    return failed('queue-unreachable', { queue: place.shown, reason });
  }
  state = 'there';
  return ok({ redis, close });
}

/** The system's error code, or a refused login. Other texts of Redis are left out: they may quote the command with its data. */
function plain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name is not known';
  if (/^(WRONGPASS|NOAUTH|ERR AUTH)/u.test(message)) return 'the name or password is refused';
  return code ?? 'no answer';
}
