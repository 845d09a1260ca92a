import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { roundSimilarity } from '../../../contract/runs/similar.ts';
import type { GroupsResult, SimilarGroup } from '../../../contract/runs/similar.ts';
import type { GroupedInputs, KnownFile, Store } from '../../store/index.ts';
import type { Library } from '../../packs/index.ts';
import type { GroupsRequest } from '../types.ts';
import { packWithVectors } from './pack-with-vectors.ts';
import { presentFiles } from './present-files.ts';

type GroupsParts = {
  readonly library: Library;
  readonly store: Store;
  readonly chosen: () => string | null;
};

/** Groups of stored photos that are alike, the largest first; only files that are there count. */
export async function findGroups(
  parts: GroupsParts,
  { model: named, variant: choice = 'auto', least }: GroupsRequest,
): Promise<Outcome<GroupsResult>> {
  const { library, store } = parts;
  const pack = packWithVectors(parts, named);
  if (!pack.ok) return pack;
  const variant = library.variant(pack.value, choice);
  if (!variant.ok) return variant;
  const { id: model, version } = pack.value.manifest;
  const space = { pack: pack.value.digest, variant: variant.value.name };
  const { compared, groups: found } = await store.groupInputs({ ...space, least });
  const groups: SimilarGroup[] = [];
  let missing = 0;
  for (const group of found) {
    const photos = await photosOf(group);
    missing += group.inputs.length - new Set(photos.map(({ digest }) => digest)).size;
    if (photos.length > 1) groups.push({ similarity: roundSimilarity(group.similarity), photos });
  }
  groups.sort((a, b) => b.photos.length - a.photos.length);
  const { pack: packDigest } = space;
  return ok({ model, version, packDigest, variant: space.variant, compared, missing, faults: 0, groups });
}

async function photosOf({ inputs }: GroupedInputs): Promise<SimilarGroup['photos']> {
  const photos: SimilarGroup['photos'] = [];
  for (const { digest, files } of inputs)
    for (const { path, mtimeNs } of await presentFiles(files))
      photos.push({ path, digest, writtenAt: timeOf(mtimeNs) });
  return photos.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const timeOf = (mtimeNs: KnownFile['mtimeNs']): string =>
  new Date(Number(mtimeNs / 1_000_000n)).toISOString();
