import type { PackTarget } from '../../contract/lifecycle/feed.ts';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { PackId, Version } from '../../contract/ids.ts';
import { detail } from '../../contract/faults/reasons.ts';
import { publish } from './publish.ts';
import { changing } from './session.ts';
import type { FeedChange } from './session.ts';
import type { FeedState } from './state.ts';
import { findPack, targetFiles } from './targets.ts';
import type { PackEntry } from './targets.ts';
import { splitRef } from '../../contract/serving/split-ref.ts';

export type VersionChange = FeedChange & {
  /** `id@version` */
  readonly model: string;
};

/** Offers a version on one more channel. */
export function promote(change: VersionChange & { readonly channel: string }): Promise<Outcome<PackTarget>> {
  return changePack(change, ({ custom }) => ({
    ...custom,
    channels: [...new Set([...custom.channels, change.channel])],
  }));
}

/** Offers a version to so many of a hundred devices; 0 offers it to none, and takes it back from nobody. */
export function stage(change: VersionChange & { readonly percent: number }): Promise<Outcome<PackTarget>> {
  const { percent } = change;
  if (!Number.isInteger(percent) || percent < 0 || percent > 100)
    return Promise.resolve(refuse('stage', 'The percentage is a whole number from 0 to 100.'));
  return changePack(change, ({ custom }) => ({ ...custom, staging: percent }));
}

export type Revoked = {
  readonly id: string;
  readonly version: string;
  readonly reason: string;
  /** False: this feed never had it, as when a thief signed it. */
  readonly isListed: boolean;
};

/** The version must not answer any more, wherever it is installed. There is no way back but a new version. */
export function revoke(change: VersionChange & { readonly reason: string }): Promise<Outcome<Revoked>> {
  // Devices say it inside a sentence of their own.
  const reason = change.reason.trim().replace(/\.$/u, '');
  const { id, version = '' } = splitRef(change.model);
  if (!PackId.safeParse(id).success || !Version.safeParse(version).success)
    return Promise.resolve(refuse('revoke', 'It takes id@version, as in efficientnet-lite0@1.1.0.'));
  if (reason === '' || reason.length > 400)
    return Promise.resolve(refuse('revoke', 'A reason of 1 to 400 characters must be given.'));
  return changing(change.feed, async ({ state }) => {
    const others = <T extends { id: string; version: string }>(list: readonly T[]): T[] =>
      list.filter((each) => each.id !== id || each.version !== version);
    const notes = {
      ...state.notes,
      revoked: [...others(state.notes.revoked), { id, version, reason }],
      allowRollbackTo: others(state.notes.allowRollbackTo),
    };
    const next = { targets: { files: targetFiles(state.files.values()), notes } };
    const published = await publish(state, next, signingOf(change));
    return published.ok ? ok({ id, version, reason, isListed: findPack(state, change.model).ok }) : published;
  });
}

/** Devices may install this version although they have a newer one. */
export function allowRollback(change: VersionChange): Promise<Outcome<PackTarget>> {
  return editing(change, async (state, { custom }) => {
    const { id, version } = custom;
    const { revoked, allowRollbackTo } = state.notes;
    const reason = revoked.find((each) => each.id === id && each.version === version)?.reason;
    if (reason !== undefined)
      return failed('version-revoked', { model: change.model, reason: detail(reason) });
    const others = allowRollbackTo.filter((each) => each.id !== id || each.version !== version);
    const notes = { ...state.notes, allowRollbackTo: [...others, { id, version }] };
    const next = { targets: { files: targetFiles(state.files.values()), notes } };
    const published = await publish(state, next, signingOf(change));
    return published.ok ? ok(custom) : published;
  });
}

function changePack(
  change: VersionChange,
  edit: (entry: PackEntry) => PackTarget,
): Promise<Outcome<PackTarget>> {
  return editing(change, async (state, entry) => {
    const custom = edit(entry);
    const files = new Map(state.files).set(entry.path, { ...entry, custom });
    const next = { targets: { files: targetFiles(files.values()), notes: state.notes } };
    const published = await publish(state, next, signingOf(change));
    return published.ok ? ok(custom) : published;
  });
}

function editing(
  change: VersionChange,
  edit: (state: FeedState, entry: PackEntry) => Promise<Outcome<PackTarget>>,
): Promise<Outcome<PackTarget>> {
  return changing(change.feed, async ({ state }) => {
    const entry = findPack(state, change.model);
    return entry.ok ? edit(state, entry.value) : entry;
  });
}

export const signingOf = ({ keys, now = new Date() }: FeedChange) => ({ keys, now });

const refuse = (command: string, reason: string): Outcome<never> => ({
  ok: false,
  fault: fault('usage', { reason, command: `feed ${command}` }),
});
