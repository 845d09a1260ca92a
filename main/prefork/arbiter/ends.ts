import type { HttpWorkerEnds } from '../../http/index.ts';
import type { HttpWorkerEnd } from './http-worker-process.ts';

/** Counts an unexpected end by the model that was running, as far as that is known, and the cause. */
export function countEnd(
  ends: HttpWorkerEnds[],
  { timeout, crash }: Pick<HttpWorkerEnd, 'timeout' | 'crash'>,
): void {
  const ref = timeout ?? crash?.running?.model ?? null;
  const withoutTimeout = crash ? 'crash' : 'stopped';
  const reason = timeout === null ? withoutTimeout : 'timeout';
  const at = ends.findIndex((each) => each.ref === ref && each.reason === reason);
  if (at === -1) ends.push({ ref, reason, count: 1 });
  else ends[at] = { ref, reason, count: ends[at]!.count + 1 };
}
