import { basename } from 'node:path';
import type { TrialBasis } from '../../../contract/trial.ts';
import type { Store } from '../../store/index.ts';
import { hashFile, identify } from '../input-file.ts';
import { walk } from '../walk.ts';

export type Item = {
  readonly path: string;
  readonly name: string;
  /** What a person confirmed. */
  readonly truth: { readonly id: string; readonly name: string } | null;
};
export type Items = { readonly basis: TrialBasis; readonly items: readonly Item[]; readonly missing: number };

/** Most files of one comparison. */
const most = 100_000;

/** What a person confirmed, or else what was answered last; only files that still hold the very bytes. */
export async function ownItems(store: Store, model: string, limit: number): Promise<Items> {
  const confirmed = await store.confirmations(model, limit);
  if (confirmed.length > 0) {
    const wanted = confirmed.map(({ digest, path, labelId, label }) => ({
      digest,
      item: { path, name: basename(path), truth: { id: labelId, name: label } },
    }));
    return { basis: 'confirmed', ...(await unchanged(store, wanted)) };
  }
  const recent = limit > 0 ? await store.recentInputs(model, limit) : [];
  const wanted = recent.map(({ digest, path }) => ({
    digest,
    item: { path, name: basename(path), truth: null },
  }));
  return { basis: 'recent', ...(await unchanged(store, wanted)) };
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

async function unchanged(
  store: Store,
  wanted: readonly { readonly digest: string; readonly item: Item }[],
): Promise<Omit<Items, 'basis'>> {
  const items: Item[] = [];
  for (const { digest, item } of wanted) {
    const file = await identify(item.path, item.name);
    if (!file.ok) continue;
    const known = (await store.digestOf(file.value)) ?? (await hashFile(item.path));
    if (known === digest) items.push(item);
  }
  return { items, missing: wanted.length - items.length };
}
