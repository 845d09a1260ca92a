import { join } from 'node:path';
import { targetPath } from '../../contract/lifecycle/feed.ts';

/** Names inside a feed; contract/lifecycle/feed.ts draws the whole. Within the feed they are written with `/` on every system. */
export const metadataFolder = 'metadata';
export const targetsFolder = 'targets';
export const rootName = (version: number): string => `${metadataFolder}/${version}.root.json`;
export const snapshotName = (version: number): string => `${metadataFolder}/${version}.snapshot.json`;
export const targetsName = (version: number): string => `${metadataFolder}/${version}.targets.json`;
export const timestampName = `${metadataFolder}/timestamp.json`;
/** Stands ready while a root is being replaced by one that the old timestamp does not satisfy. */
export const nextTimestampName = `${metadataFolder}/timestamp.next.json`;
/** Where packs are unpacked and proved; also holds the lock. Emptied after each command. */
export const workFolder = '.work';

/** A target's file, with its SHA-256 in front of the last part, as consistent snapshots have it. */
export function targetFileName(path: string, sha256: string): string {
  const file = targetPath(path, sha256);
  // Names are checked where they are read (state.ts) and made (add.ts, add-app.ts).
  if (file === null) throw new Error(`${path} is no name of a target`);
  return file;
}

export const inFeed = (feed: string, name: string): string => join(feed, ...name.split('/'));
