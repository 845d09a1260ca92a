import type { CallOutput } from '../../contract/calls.ts';
import { ask } from '../bridge.ts';
import { client } from '../state/client.ts';
import { perform } from './perform.ts';

export type ChosenRoot = NonNullable<CallOutput<'updates.chooseRoot'>>;

/** What the check gave, or why it gave nothing, is in the state that the panel shows. */
export async function checkUpdates(): Promise<void> {
  const outcome = await ask('updates.check', undefined);
  await refresh();
  if (outcome.ok) return;
  const known = client.getQueryData<CallOutput<'updates.state'>>(['updates']);
  if (known) client.setQueryData(['updates'], { ...known, fault: outcome.fault });
}

export const chooseRoot = (): Promise<ChosenRoot | null> => perform('updates.chooseRoot', undefined);

export async function trustRoot({ ref, fingerprint }: ChosenRoot): Promise<void> {
  keep(await perform('updates.trust', { ref, fingerprint }));
}

export async function distrust(fingerprint: string): Promise<void> {
  keep(await perform('updates.distrust', { fingerprint }));
}

export async function getAppUpdate(): Promise<void> {
  const state = await perform('updates.appGet', undefined);
  if (state) client.setQueryData(['app-update'], state);
}

export const installAppUpdate = (): Promise<unknown> => perform('updates.appInstall', undefined);

function keep(state: CallOutput<'updates.state'> | null): void {
  if (state) client.setQueryData(['updates'], state);
}

const refresh = () =>
  Promise.all(
    ['updates', 'lifecycle', 'app-update'].map((one) => client.invalidateQueries({ queryKey: [one] })),
  );
