import type { WorkerState } from '../messages.ts';

/** Versions that leave memory, of all that the workers have, so that no more than `most` are there: those that nobody has asked for longest. */
export function overLoaded(states: readonly Pick<WorkerState, 'loaded'>[], most: number): readonly string[] {
  const idle = new Map<string, number>();
  for (const { loaded } of states)
    for (const { ref, idleMs } of loaded) idle.set(ref, Math.min(idle.get(ref) ?? Infinity, idleMs));
  return [...idle]
    .filter(([, idleMs]) => idleMs > 0)
    .sort(([, one], [, other]) => other - one)
    .slice(0, Math.max(0, idle.size - most))
    .map(([ref]) => ref);
}
