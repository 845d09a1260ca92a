import type { CallInput } from '../../contract/calls.ts';
import type { VersionPolicy } from '../../contract/lifecycle.ts';
import type { Timeline, VersionRef } from '../../contract/timeline.ts';
import { ask } from '../bridge.ts';
import { client } from '../state/client.ts';
import { lifecycleFault, underWay } from '../state/lifecycle.ts';
import { perform } from './perform.ts';

type ByVersion =
  | 'lifecycle.get'
  | 'lifecycle.cancel'
  | 'lifecycle.try'
  | 'lifecycle.switch'
  | 'lifecycle.keep'
  | 'lifecycle.remove';

export const getVersion = (name: VersionRef) => change('lifecycle.get', name, name.version);
/** Cancelling never waits behind what it cancels. */
export const cancelVersion = (name: VersionRef) => change('lifecycle.cancel', name, null);
export const tryVersion = (name: VersionRef) => change('lifecycle.try', name, name.version);
export const switchTo = (name: VersionRef) => change('lifecycle.switch', name, name.version);
export const keepInstead = (name: VersionRef) => change('lifecycle.keep', name, name.version);
export const removeVersion = (name: VersionRef) => change('lifecycle.remove', name, name.version);
export const rollBack = (model: string, version: string) => change('lifecycle.rollBack', { model }, version);
export const repairVersion = (name: VersionRef, source?: string) =>
  change('lifecycle.repair', { ...name, source }, name.version);
export const setPolicy = (model: string, policy: VersionPolicy) =>
  change('lifecycle.policy', { model, policy }, policy.kind === 'specific' ? policy.version : null);

export const exportVersion = (name: VersionRef) => perform('lifecycle.export', name);

/** What main says of the model now takes the place of what the page knew. */
export function putTimeline(timeline: Timeline): void {
  client.setQueryData<readonly Timeline[]>(['lifecycle'], (before) =>
    before?.some((one) => one.model === timeline.model)
      ? before.map((one) => (one.model === timeline.model ? timeline : one))
      : [...(before ?? []), timeline],
  );
}

async function change<N extends ByVersion | 'lifecycle.rollBack' | 'lifecycle.repair' | 'lifecycle.policy'>(
  name: N,
  input: CallInput<N> & { readonly model: string },
  version: string | null,
): Promise<boolean> {
  const key = version === null ? null : `${input.model}@${version}`;
  if (key !== null) {
    if (underWay.get().has(key)) return false;
    underWay.set((now) => new Set(now).add(key));
  }
  lifecycleFault.set(null);
  const outcome = await ask(name, input);
  if (key !== null) underWay.set((now) => new Set([...now].filter((one) => one !== key)));
  if (outcome.ok) putTimeline(outcome.value as Timeline);
  else if (outcome.fault.code !== 'cancelled')
    lifecycleFault.set({ model: input.model, fault: outcome.fault });
  await Promise.all(
    ['lifecycle', 'models', 'updates'].map((one) => client.invalidateQueries({ queryKey: [one] })),
  );
  return outcome.ok;
}
