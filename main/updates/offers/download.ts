import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { detail } from '../../../contract/faults/reasons.ts';
import type { Offer } from '../../../contract/lifecycle/update.ts';
import { compareVersions } from '../../packs/index.ts';
import type { Mover, MoveTarget } from '../download/index.ts';
import type { Fetched, FetchRequest, OnHere } from '../types.ts';
import type { MetadataSource } from '../sources/source.ts';
import type { VerifiedFeed } from '../trust/verified-feed.ts';
import type { ListedPack, ListedTarget } from './listed.ts';

/** Resources of a download. */
type OfferDownload = {
  readonly mover: Mover;
  readonly verified: VerifiedFeed;
  readonly source: MetadataSource;
};

/** Downloads an offer after finding it again in freshly verified metadata: it may have changed or been revoked. */
export async function downloadOffer(
  { mover, verified, source }: OfferDownload,
  request: FetchRequest,
): Promise<Outcome<Fetched>> {
  const { offer, basis } = request;
  const { packs, notes } = verified.listed;
  const listed = packs.find(({ pack }) => pack.id === offer.model && pack.version === offer.version);
  if (!listed) return failed('trust-target-missing', { file: `${offer.model}@${offer.version}` });
  const { pack, target, blockmap } = listed;
  const ref = `${pack.id}@${pack.version}`;
  const revocation = notes.revoked.find((each) => each.id === pack.id && each.version === pack.version);
  if (revocation)
    return { ok: false, fault: fault('version-revoked', { model: ref, reason: detail(revocation.reason) }) };
  if (pack.digest !== offer.digest || target.size !== offer.size)
    return failed('trust-mix', { file: target.name, version: pack.version });
  const placed = await place(source, target);
  if (!placed.ok) return placed;
  const old = basis && packs.find((each) => each.pack.id === pack.id && each.pack.version === basis.version);
  const { to, byHand, onProgress, signal } = request;
  return mover.fetch({
    feed: source.name,
    model: pack.id,
    version: pack.version,
    target: placed.value,
    blockmap: await placeMap(source, blockmap),
    oldBlockmap: await placeMap(source, old?.blockmap ?? null),
    basis,
    to,
    byHand,
    onProgress,
    signal,
  });
}

/** Adds to each offer its download size as a delta from the installed version; only for feeds on the network. */
export function withDeltaSizes(
  download: OfferDownload,
  offers: readonly Offer[],
  how: { readonly here: OnHere; readonly signal: AbortSignal },
): Promise<Offer[]> {
  return Promise.all(
    offers.map(async (offer) => ({ ...offer, deltaSize: await deltaSize(download, offer, how) })),
  );
}

async function deltaSize(
  { mover, verified, source }: OfferDownload,
  offer: Offer,
  { here, signal }: { readonly here: OnHere; readonly signal: AbortSignal },
): Promise<number | null> {
  const { packs } = verified.listed;
  const listed = packs.find(({ pack }) => pack.id === offer.model && pack.version === offer.version);
  const old = newestHere(packs, offer.model, here);
  if (source.kind !== 'http' || !listed?.blockmap || !old?.blockmap) return null;
  const target = await place(source, listed.target);
  if (!target.ok) return null;
  const size = await mover.deltaSizeOf({
    feed: source.name,
    target: target.value,
    blockmap: await placeMap(source, listed.blockmap),
    oldBlockmap: await placeMap(source, old.blockmap),
    basis: null,
    signal,
  });
  return size.ok && size.value !== null && size.value < offer.size ? size.value : null;
}

function newestHere(
  packs: readonly ListedPack[],
  model: string,
  { installed }: OnHere,
): ListedPack | undefined {
  return packs
    .filter(({ pack }) => pack.id === model)
    .filter(({ pack }) =>
      installed.some(
        (each) => each.model === model && each.version === pack.version && each.digest === pack.digest,
      ),
    )
    .toSorted((one, other) => compareVersions(one.pack.version, other.pack.version))
    .at(-1);
}

async function place(source: MetadataSource, target: ListedTarget): Promise<Outcome<MoveTarget>> {
  const found = await source.placeOf(target);
  return found.ok ? ok({ ...target, place: found.value }) : found;
}

/** A missing blockmap rules out the delta, not the download. */
async function placeMap(source: MetadataSource, target: ListedTarget | null): Promise<MoveTarget | null> {
  const placed = target && (await place(source, target));
  return placed?.ok ? placed.value : null;
}
