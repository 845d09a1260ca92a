import type { CallOutput } from '../../contract/calls/calls.ts';
import { ask } from '../bridge.ts';
import { client } from '../state/client.ts';
import { chosenRoot } from '../state/lifecycle.ts';
import { changeSettings } from './ask-main.ts';
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

/** From now on versions come from there. It is asked at once, unless the network is used by hand only. */
export async function setFeed(feed: string | null): Promise<void> {
  const before = feedNow();
  await changeSettings({ feed });
  if (feedNow() === before) return;
  const isQuiet = settingsNow()?.updateMode === 'never' && /^https?:/iu.test(feed ?? '');
  if (feed !== null && !isQuiet) return checkUpdates();
  // Drop the fault of the previous feed.
  const known = client.getQueryData<CallOutput<'updates.state'>>(['updates']);
  if (known) client.setQueryData(['updates'], { ...known, fault: null });
}

export async function chooseFeedFolder(): Promise<void> {
  const folder = await perform('updates.chooseFeed', undefined);
  if (folder !== null) await setFeed(folder);
}

export async function choosePublisher(): Promise<void> {
  chosenRoot.set(await perform('updates.chooseRoot', undefined));
}

/** The feed is trusted now: check it again. */
export async function trustRoot({ ref, fingerprint }: ChosenRoot): Promise<void> {
  const state = await perform('updates.trust', { ref, fingerprint });
  keep(state);
  if (state !== null && feedNow() !== null) await checkUpdates();
}

export async function distrust(fingerprint: string): Promise<void> {
  keep(await perform('updates.distrust', { fingerprint }));
}

export async function getAppUpdate(): Promise<void> {
  const state = await perform('updates.appGet', undefined);
  if (state) client.setQueryData(['app-update'], state);
}

export const installAppUpdate = (): Promise<unknown> => perform('updates.appInstall', undefined);

const settingsNow = () => client.getQueryData<CallOutput<'settings.get'>>(['settings']);
const feedNow = (): string | null => settingsNow()?.feed ?? null;

function keep(state: CallOutput<'updates.state'> | null): void {
  if (state) client.setQueryData(['updates'], state);
}

const refresh = () =>
  Promise.all(
    ['updates', 'lifecycle', 'app-update'].map((one) => client.invalidateQueries({ queryKey: [one] })),
  );
