import { basename } from 'node:path';
import type { TrialBasis } from '../../../contract/lifecycle/trial.ts';
import type { Store } from '../../store/index.ts';
import { hashFile, identify, walk } from '../../engine/index.ts';

export type Item = {
  readonly path: string;
  readonly name: string;
  /** The label that a person confirmed. */
  readonly truth: { readonly id: string; readonly name: string } | null;
};
export type Items = { readonly basis: TrialBasis; readonly items: readonly Item[]; readonly missing: number };

/** Most files in one comparison. */
const most = 100_000;

/** Confirmed items, filled up to `limit` with the latest answered ones; only files whose content is unchanged. */
export async function ownItems(store: Store, model: string, limit: number): Promise<Items> {
  if (limit <= 0) return { basis: 'own', items: [], missing: 0 };
  const confirmed = await store.confirmations(model, limit);
  const confirmedDigests = new Set(confirmed.map(({ digest }) => digest));
  // Twice the limit, since some files may have been deleted or changed.
  const recent = await store.recentInputs(model, confirmedDigests.size + 2 * limit);
  const wanted = [
    ...confirmed.map(({ digest, path, labelId, label }) => ({
      digest,
      item: { path, name: basename(path), truth: { id: labelId, name: label } },
    })),
    ...recent
      .filter(({ digest }) => !confirmedDigests.has(digest))
      .map(({ digest, path }) => ({ digest, item: { path, name: basename(path), truth: null } })),
  ];
  return { basis: 'own', ...(await unchanged(store, wanted, limit)) };
}

export async function givenItems(inputs: AsyncIterable<string> | Iterable<string>): Promise<Items> {
  const items: Item[] = [];
  let missing = 0;
  for await (const { path, fault } of walk(inputs)) {
    if (fault) missing += 1;
    else if (items.length < most) items.push({ path, name: basename(path), truth: null });
  }
  return { basis: 'files', items, missing };
}

/** The first `limit` items that are unchanged, and how many of the inspected ones are not. */
async function unchanged(
  store: Store,
  wanted: readonly { readonly digest: string; readonly item: Item }[],
  limit: number,
): Promise<Omit<Items, 'basis'>> {
  const items: Item[] = [];
  let missing = 0;
  for (const { digest, item } of wanted) {
    if (items.length >= limit) break;
    if (await isUnchanged(store, item, digest)) items.push(item);
    else missing += 1;
  }
  return { items, missing };
}

async function isUnchanged(store: Store, { path, name }: Item, digest: string): Promise<boolean> {
  const file = await identify(path, name);
  if (!file.ok) return false;
  return ((await store.digestOf(file.value)) ?? (await hashFile(path))) === digest;
}
