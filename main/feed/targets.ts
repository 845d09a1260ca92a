import { TargetFile } from '@tufjs/models';
import type { FeedNotes, PackTarget } from '../../contract/lifecycle/feed.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { compareVersions } from '../packs/index.ts';
import { customOf } from './notes.ts';
import type { FeedState, Target } from './state.ts';
import { splitRef } from '../../contract/serving/split-ref.ts';

/** The targets as the library has them; `sha256` first, because that is the one in the file's name. */
export function targetFiles(files: Iterable<Target>): Readonly<Record<string, TargetFile>> {
  const sorted = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  return Object.fromEntries(
    sorted.map(({ path, length, sha256, sha512, custom }) => [
      path,
      new TargetFile({ path, length, hashes: { sha256, sha512 }, unrecognizedFields: customOf(custom) }),
    ]),
  );
}

export type PackEntry = Target & { readonly custom: PackTarget };

/** Versions that the feed has, of this model or of all; the newest first. */
export function packsOf(state: Pick<FeedState, 'files'>, model?: string): readonly PackEntry[] {
  return [...state.files.values()]
    .filter(isPack)
    .filter(({ custom }) => model === undefined || custom.id === model)
    .sort(
      (one, other) =>
        one.custom.id.localeCompare(other.custom.id, 'en') ||
        compareVersions(other.custom.version, one.custom.version),
    );
}

/** `id@version` as the feed has it. */
export function findPack(state: FeedState, ref: string): Outcome<PackEntry> {
  const { id, version = '' } = splitRef(ref);
  const found = packsOf(state, id).find(({ custom }) => custom.version === version);
  return found ? ok(found) : unknownModel(state, ref);
}

/** Its other versions are named; of a model that the feed does not know, all models. */
export function unknownModel(state: FeedState, ref: string): Outcome<never> {
  const ofModel = packsOf(state, splitRef(ref).id);
  const there = (ofModel.length > 0 ? ofModel : packsOf(state)).map(
    ({ custom }) => `${custom.id}@${custom.version}`,
  );
  return failed('feed-model-unknown', { model: ref, available: there.slice(0, 20).join(', ') || 'none yet' });
}

export const isRevoked = ({ revoked }: FeedNotes, { id, version }: PackTarget): boolean =>
  revoked.some((each) => each.id === id && each.version === version);

const isPack = (target: Target): target is PackEntry => target.custom.kind === 'pack';
