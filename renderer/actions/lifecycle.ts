import type { CallInput } from '../../contract/calls/calls.ts';
import type { VersionPolicy } from '../../contract/lifecycle/lifecycle.ts';
import type { Timeline, VersionRef } from '../../contract/lifecycle/timeline.ts';
import { ask } from '../bridge.ts';
import { client } from '../state/client.ts';
import { lifecycleFault, underWay } from '../state/lifecycle.ts';
import { clearAnnouncement, announce } from '../state/notices.ts';
import { perform } from './perform.ts';

type ByVersion =
  | 'lifecycle.get'
  | 'lifecycle.getParts'
  | 'lifecycle.cancel'
  | 'lifecycle.try'
  | 'lifecycle.switch'
  | 'lifecycle.keep'
  | 'lifecycle.remove';

export const getVersion = (name: VersionRef) => change('lifecycle.get', name, name.version);
/** Parts of an installed version that are not here. */
export const getParts = (name: VersionRef) => change('lifecycle.getParts', name, name.version);
/** Not queued: a cancel must overtake what it cancels. */
export const cancelVersion = (name: VersionRef) => change('lifecycle.cancel', name, null);
export const tryVersion = (name: VersionRef) => change('lifecycle.try', name, name.version);
export const switchTo = (name: VersionRef) => change('lifecycle.switch', name, name.version);
export const keepInstead = (name: VersionRef) => change('lifecycle.keep', name, name.version);
export const removeVersion = (name: VersionRef) => change('lifecycle.remove', name, name.version);
/** `version` is the one that answers again. */
export const rollBack = async (model: string, version: string): Promise<void> => {
  if (await change('lifecycle.rollBack', { model }, version)) announce('version.told.back', { version });
};
export const removeModel = (model: string) => change('lifecycle.removeModel', { model }, null);
export const repairVersion = (name: VersionRef, source?: string) =>
  change('lifecycle.repair', { ...name, source }, name.version);
export const setPolicy = async (model: string, policy: VersionPolicy): Promise<void> => {
  const version = policy.kind === 'specific' ? policy.version : null;
  const isDone = await change('lifecycle.policy', { model, policy }, version);
  if (!isDone) return;
  if (version === null) announce('version.told.unpinned');
  else announce('version.told.pinned', { version });
};

export const exportVersion = (name: VersionRef) => perform('lifecycle.export', name);

/** Replaces the cached state of the model with main's reply. */
export function putTimeline(timeline: Timeline): void {
  client.setQueryData<readonly Timeline[]>(['lifecycle'], (before) =>
    before?.some((one) => one.model === timeline.model)
      ? before.map((one) => (one.model === timeline.model ? timeline : one))
      : [...(before ?? []), timeline],
  );
}

async function change<
  N extends
    ByVersion | 'lifecycle.rollBack' | 'lifecycle.repair' | 'lifecycle.policy' | 'lifecycle.removeModel',
>(name: N, input: CallInput<N> & { readonly model: string }, version: string | null): Promise<boolean> {
  const key = version === null ? null : `${input.model}@${version}`;
  if (key !== null) {
    if (underWay.get().has(key)) return false;
    underWay.set((now) => new Map(now).set(key, name));
  }
  lifecycleFault.set(null);
  clearAnnouncement();
  const outcome = await ask(name, input);
  if (key !== null) underWay.set((now) => new Map([...now].filter(([one]) => one !== key)));
  if (outcome.ok) putTimeline(outcome.value as Timeline);
  else if (outcome.fault.code !== 'cancelled')
    lifecycleFault.set({ model: input.model, fault: outcome.fault });
  await Promise.all(
    ['lifecycle', 'models', 'updates'].map((one) => client.invalidateQueries({ queryKey: [one] })),
  );
  return outcome.ok;
}
