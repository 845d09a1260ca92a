import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failed } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { openPackStore } from '../packs/index.ts';
import type { PackStore } from '../packs/index.ts';
import type { KeyRing } from './keys/ring.ts';
import { nextTimestampName, workFolder } from './layout.ts';
import { adoptTimestamp, dropNextTimestamp } from './publish.ts';
import { examineFeed, readFeed } from './state.ts';
import type { FeedState } from './state.ts';

/** What every change of a feed takes. `now` is the clock unless a drill says otherwise. */
export type FeedChange = { readonly feed: string; readonly keys: KeyRing; readonly now?: Date };
const mostTries = 50;
type Workplace = { readonly state: FeedState; readonly work: PackStore };

/** Takes the lock; first recovers or sweeps what a killed command left. */
export async function changing<T>(
  feed: string,
  change: (place: Workplace) => Promise<Outcome<T>>,
  appVersion = '0.0.0',
): Promise<Outcome<T>> {
  // The lock must not be what makes a folder out of a mistyped name.
  const before = await readFeed(feed);
  if (!before.ok && before.fault.code === 'feed-not-found') return before;
  const work = openPackStore({ folder: join(feed, workFolder), appVersion });
  const release = await takeLock(work);
  if (!release.ok)
    return release.fault.code === 'lifecycle-locked' ? failed('lifecycle-locked', { folder: feed }) : release;
  try {
    await work.recover();
    const finished = await finishPublishing(feed);
    if (!finished.ok) return finished;
    const state = await readFeed(feed);
    return state.ok ? await change({ state: state.value, work }) : state;
  } finally {
    await work.recover();
    for (const name of ['.staging', '.trash'])
      await rm(join(work.folder, name), { recursive: true, force: true });
    await release.value();
    // Another command may have come to work in it already.
    await rmdir(work.folder).catch(() => undefined);
  }
}

/** The former owner may remove the folder at the same moment: recreate it. */
async function takeLock(work: PackStore): ReturnType<PackStore['lock']> {
  for (let tries = 0; ; tries += 1) {
    const release = await work.lock();
    if (release.ok || release.fault.code !== 'file-not-found' || tries === mostTries) return release;
  }
}

/** A rotation that was killed between its root and its timestamp is completed; one killed before is as if never begun. */
async function finishPublishing(feed: string): Promise<Outcome<void>> {
  const next = await examineFeed(feed, nextTimestampName);
  const { faults } = await examineFeed(feed);
  if (faults.length > 0 && next.state && next.faults.length === 0) return adoptTimestamp(feed);
  await dropNextTimestamp(feed);
  return { ok: true, value: undefined };
}
