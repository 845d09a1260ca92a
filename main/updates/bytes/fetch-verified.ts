import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { Offer, UpdateSource } from '../../../contract/update.ts';
import type { Fetched, FetchRequest, UpdatesPorts } from '../door.ts';
import type { ListedPack } from '../offers/listed.ts';
import type { MetadataSource, Target } from '../sources/source.ts';
import { surveyFeed } from '../trust/survey.ts';
import type { Survey } from '../trust/survey.ts';
import type { Mover, MoveTarget } from './mover-door.ts';

export type FetchParts = {
  readonly ports: UpdatesPorts;
  readonly mover: Mover;
  /** One verification at a time; bytes move outside of it. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>;
};
/** What an offer is in the feed as it is now. */
type Found = {
  readonly feed: string;
  readonly target: MoveTarget;
  readonly blockmap: MoveTarget | null;
  readonly oldBlockmap: MoveTarget | null;
};
type Wanted = {
  readonly source: UpdateSource;
  readonly offer: Pick<Offer, 'model' | 'version' | 'digest'>;
  readonly basisVersion: string | null;
  readonly consentExpired: boolean;
  readonly signal: AbortSignal;
};

/** Verifies the feed anew, so that what is moved is what is signed now, then moves it. */
export async function fetchVerified(parts: FetchParts, request: FetchRequest): Promise<Outcome<Fetched>> {
  const { offer, basis, to, byHand, consentExpired = false, source, onProgress, signal } = request;
  const wanted = { source, offer, basisVersion: basis?.version ?? null, consentExpired, signal };
  const found = await findOffer(parts, wanted);
  if (!found.ok) return found;
  const { model, version } = offer;
  return parts.mover.fetch({ ...found.value, model, version, basis, to, byHand, onProgress, signal });
}

/** What a delta from an installed version would move; null when that is unknown or not worth it. */
export async function deltaSize(
  parts: FetchParts,
  wanted: Omit<Wanted, 'consentExpired'> & { readonly basisVersion: string },
): Promise<Outcome<number | null>> {
  const found = await findOffer(parts, { ...wanted, consentExpired: false });
  return found.ok ? parts.mover.deltaSizeOf({ ...found.value, basis: null, signal: wanted.signal }) : found;
}

function findOffer(
  { ports, inTurn }: FetchParts,
  { source, offer: { model, version, digest }, basisVersion, consentExpired, signal }: Wanted,
): Promise<Outcome<Found>> {
  const request = { source, installed: [], consentExpired, signal };
  return inTurn(() =>
    surveyFeed(ports, request, async (survey, from) => {
      const { packs, notes } = survey.listed;
      const revoked = notes.revoked.find((each) => each.id === model && each.version === version);
      if (revoked) return failed('version-revoked', { model: `${model}@${version}`, reason: revoked.reason });
      const of = (wanted: string | null): ListedPack | undefined =>
        packs.find(({ pack }) => pack.id === model && pack.version === wanted);
      const listed = of(version);
      if (!listed) return failed('trust-target-missing', { file: `${model}@${version}` });
      // It was another pack when it was offered.
      if (listed.pack.digest !== digest)
        return failed('trust-digest', { file: listed.target.name, what: 'the manifest' });
      const target = await placed(survey, from, listed.target);
      if (!target.ok) return target;
      const oldBlockmap = await mapOf(survey, from, of(basisVersion));
      const blockmap = await mapOf(survey, from, listed);
      return ok({ feed: survey.name, target: target.value, blockmap, oldBlockmap });
    }),
  );
}

async function placed(
  { documents }: Survey,
  from: MetadataSource,
  target: Target,
): Promise<Outcome<MoveTarget>> {
  const place = await from.placeOf(target);
  if (!place.ok) return place;
  const { sha512 } = (documents.targets.signed.targets[target.name]?.hashes ?? {}) as {
    readonly sha512?: unknown;
  };
  return ok({
    ...target,
    sha512: typeof sha512 === 'string' ? sha512.toLowerCase() : null,
    place: place.value,
  });
}

/** Without its map a pack is moved all the same. */
async function mapOf(survey: Survey, from: MetadataSource, listed?: ListedPack): Promise<MoveTarget | null> {
  if (!listed?.blockmap) return null;
  const map = await placed(survey, from, listed.blockmap);
  return map.ok ? map.value : null;
}
