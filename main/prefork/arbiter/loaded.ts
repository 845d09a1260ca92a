import type { HttpWorkerState } from '../messages.ts';

/** The least recently used versions to unload, so that all workers together have at most `most` in memory. */
export function overLoaded(
  states: readonly Pick<HttpWorkerState, 'loaded'>[],
  most: number,
): readonly string[] {
  const idle = new Map<string, number>();
  for (const { loaded } of states)
    for (const { ref, idleMs } of loaded) idle.set(ref, Math.min(idle.get(ref) ?? Infinity, idleMs));
  return [...idle]
    .filter(([, idleMs]) => idleMs > 0)
    .sort(([, one], [, other]) => other - one)
    .slice(0, Math.max(0, idle.size - most))
    .map(([ref]) => ref);
}
