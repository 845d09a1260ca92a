import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { CheckReport, Offer, Withheld } from '../../../contract/lifecycle/update.ts';
import type { Digest } from '../../../contract/ids.ts';
import { isInRange, type PackPart } from '../../../contract/packs/pack-parts.ts';
import { detail } from '../../../contract/faults/reasons.ts';
import { compareVersions } from '../../packs/index.ts';
import type { OnHere } from '../types.ts';
import type { Target } from '../sources/source.ts';
import type { Listed, ListedPack } from './listed.ts';
import { rolloutPlace } from './staging.ts';

type ValidateOptions = {
  readonly here: OnHere;
  readonly channel: string;
  /** From a stick or bundle: bringing it counts as consent, so staged roll-out does not apply. */
  readonly isHandDelivered: boolean;
  /** The source may lack some of the listed packs, as a bundle of chosen versions does. */
  readonly isChosen: boolean;
  readonly signer: Offer['signer'];
  /** Highest version of a model ever installed from this publisher, even if it was removed. */
  readonly highest: (model: string) => string | null;
  readonly wanted?: Named;
  readonly part?: Pick<PackPart, 'pack' | 'versions'>;
  /** Why the source lacks the bytes of a target, as far as can be told without downloading. */
  readonly whyAbsent: (target: Target) => Promise<Fault | null>;
};
type ValidatedOffers = Pick<CheckReport, 'offers' | 'withheld' | 'revoked'>;

/**
 * Offers the newest installable version of each model; newer ones are withheld with their reason. Of a part, whose range
 * may exclude that version, the newest installable one in the range is offered as well.
 */
export async function validateOffers(
  { packs, notes }: Listed,
  options: ValidateOptions,
): Promise<ValidatedOffers> {
  const offers: Offer[] = [];
  const withheld: Withheld[] = [];
  const consider = async (listed: ListedPack): Promise<Fault | null> => {
    const why = validate(listed, notes, options) ?? (await options.whyAbsent(listed.target));
    if (!why) offers.push(offerOf(listed, options.signer));
    return why;
  };
  const withhold = ({ pack: { id: model, version } }: ListedPack, why: Fault): void => {
    withheld.push({ model, version, fault: why });
  };
  for (const versions of byModel(packs, options.channel)) {
    let isUpToDate = false;
    for (const listed of versions) {
      const isWanted = isSame(listed.pack, options.wanted);
      if (isInstalled(listed, options) && !isWanted) {
        isUpToDate ||= !isListed(notes.revoked, listed.pack);
        continue;
      }
      const why = await consider(listed);
      if (!why) break;
      // A bundle contains only the versions chosen for it.
      if (options.isChosen && why.code === 'trust-target-missing' && !isWanted) continue;
      // Reasons for versions older than the installed one are of no interest.
      if (isUpToDate && why.code !== 'trust-mix' && !isWanted) continue;
      withhold(listed, why);
    }
  }
  const isReported = ({ pack }: ListedPack): boolean =>
    [...offers, ...withheld].some((each) => isSame({ ...each, id: each.model }, pack));
  const wanted = packs.find(({ pack }) => isSame(pack, options.wanted));
  if (wanted && !isReported(wanted)) {
    const why = await consider(wanted);
    if (why) withhold(wanted, why);
  }
  for (const fitting of fittingPart(byModel(packs, options.channel), options.part)) {
    if (offers.some((each) => isSame({ ...each, id: each.model }, fitting.pack))) break;
    if (isReported(fitting)) continue;
    const why = await consider(fitting);
    if (!why) break;
    withhold(fitting, why);
  }
  const revoked = notes.revoked
    .filter(({ id, version }) =>
      options.here.installed.some((each) => each.model === id && each.version === version),
    )
    .map(({ id, version, reason }) => ({ model: id, version, reason }));
  return { offers, withheld, revoked };
}

/** Versions that could play this part, newest first. */
const fittingPart = (
  models: Iterable<readonly ListedPack[]>,
  part: ValidateOptions['part'],
): readonly ListedPack[] =>
  part
    ? [...models].flat().filter(({ pack }) => pack.id === part.pack && isInRange(pack.version, part.versions))
    : [];

type Named = { readonly id: string; readonly version: string };
type Notes = Listed['notes'];

/** Why a version is not offered; the first reason counts. */
function validate({ pack, target }: ListedPack, notes: Notes, options: ValidateOptions): Fault | null {
  const { here } = options;
  const { id: model, version, staging, minimumAppVersion } = pack;
  const ref = `${model}@${version}`;
  const revocation = notes.revoked.find((each) => isSame(each, pack));
  if (revocation) return fault('version-revoked', { model: ref, reason: detail(revocation.reason) });
  const installed = here.installed.find((each) => each.model === model && each.version === version);
  if (installed)
    // The same version with the same content can be installed again as a repair.
    return installed.digest === pack.digest ? null : fault('trust-mix', { file: target.name, version });
  const denial = here.denied.find((each) => each.model === model && each.version === version);
  if (denial) return fault('version-denied', { model: ref, reason: denial.why });
  const newest = newestHere(model, notes, options);
  if (newest !== null && compareVersions(version, newest) < 0 && !isListed(notes.allowRollbackTo, pack))
    return fault('version-not-newer', { model: ref, installed: newest });
  if (compareVersions(here.appVersion, minimumAppVersion) < 0)
    return fault('pack-app-too-old', { pack: ref, needed: minimumAppVersion, version: here.appVersion });
  if (!options.isHandDelivered && rolloutPlace(here.deviceId, model, version) >= staging)
    return fault('version-staged', { model: ref, percent: staging });
  return null;
}

/** A version that was revoked or rolled back here does not block an older sound one. */
function newestHere(model: string, notes: Notes, { here, highest }: ValidateOptions): string | null {
  const before = highest(model);
  return (
    [
      ...here.installed.filter((each) => each.model === model).map(({ version }) => version),
      ...(before === null ? [] : [before]),
    ]
      .filter((version) => !isListed(notes.revoked, { id: model, version }))
      .filter((version) => !here.denied.some((each) => each.model === model && each.version === version))
      .toSorted(compareVersions)
      .at(-1) ?? null
  );
}

const isSame = (one: Named, other: Named | undefined): boolean =>
  other !== undefined && one.id === other.id && one.version === other.version;
const isListed = (list: readonly Named[], pack: Named): boolean => list.some((each) => isSame(each, pack));
const isInstalled = ({ pack }: ListedPack, { here }: ValidateOptions): boolean =>
  here.installed.some(
    ({ model, version, digest }) => model === pack.id && version === pack.version && digest === pack.digest,
  );

/** Newest first. */
function byModel(packs: readonly ListedPack[], channel: string): Iterable<readonly ListedPack[]> {
  const groups = new Map<string, ListedPack[]>();
  for (const listed of packs)
    if (listed.pack.channels.includes(channel))
      groups.set(listed.pack.id, [...(groups.get(listed.pack.id) ?? []), listed]);
  for (const group of groups.values())
    group.sort((one, other) => compareVersions(other.pack.version, one.pack.version));
  return groups.values();
}

function offerOf({ pack, target }: ListedPack, signer: Offer['signer']): Offer {
  return {
    model: pack.id,
    version: pack.version,
    digest: pack.digest as Digest,
    title: pack.title,
    summary: pack.summary,
    licence: pack.licence,
    note: pack.note,
    size: target.size,
    deltaSize: null,
    unpackedSize: pack.unpackedSize,
    publishedAt: pack.publishedAt,
    signer,
  };
}
