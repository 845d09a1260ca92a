import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import type { CheckReport, Offer, Withheld } from '../../../contract/update.ts';
import type { Digest } from '../../../contract/ids.ts';
import { compareVersions } from '../../packs/index.ts';
import type { OnHere } from '../door.ts';
import type { Target } from '../sources/source.ts';
import type { Listed, ListedPack } from './listed.ts';
import { rolloutPlace } from './staging.ts';

export type JudgeOptions = {
  readonly here: OnHere;
  readonly channel: string;
  /** A stick or a bundle that somebody carried here is consent: it is not rolled out in steps. */
  readonly isCarried: boolean;
  /** It need not have all that it lists. */
  readonly isChosen: boolean;
  readonly signer: Offer['signer'];
  /** Newest version of a model that was ever installed from this publisher, though it may be gone. */
  readonly highest: (model: string) => string | null;
  /** Why the source does not have the bytes of a target, as far as can be told without moving them. */
  readonly whyAbsent: (target: Target) => Promise<Fault | null>;
};
export type Judged = Pick<CheckReport, 'offers' | 'withheld' | 'revoked'>;

/** Of each model the newest version that may be installed here is offered; newer ones are withheld and say why. */
export async function judgeOffers({ packs, notes }: Listed, options: JudgeOptions): Promise<Judged> {
  const offers: Offer[] = [];
  const withheld: Withheld[] = [];
  for (const [model, versions] of byModel(packs, options.channel)) {
    let isUpToDate = false;
    for (const listed of versions) {
      const { version, digest } = listed.pack;
      const known = options.here.installed.find((each) => each.model === model && each.version === version);
      if (known?.digest === digest) {
        isUpToDate ||= !notes.revoked.some((each) => each.id === model && each.version === version);
        continue;
      }
      const why = judge(listed, { notes, model }, options) ?? (await options.whyAbsent(listed.target));
      if (!why) {
        offers.push(offerOf(listed, options.signer));
        break;
      }
      // A bundle carries what was chosen for it; the rest is no loss.
      if (options.isChosen && why.code === 'trust-target-missing') continue;
      // That a feed still has what came before the installed version is no news.
      if (isUpToDate && why.code === 'version-not-newer') continue;
      withheld.push({ model, version, fault: why });
    }
  }
  const revoked = notes.revoked
    .filter(({ id, version }) =>
      options.here.installed.some((each) => each.model === id && each.version === version),
    )
    .map(({ id, version, reason }) => ({ model: id, version, reason }));
  return { offers, withheld, revoked };
}

type Context = { readonly notes: Listed['notes']; readonly model: string };

/** Why a version is not offered here; the first reason counts. */
function judge({ pack, target }: ListedPack, { notes, model }: Context, options: JudgeOptions): Fault | null {
  const { here } = options;
  const { version, staging, minimumAppVersion } = pack;
  const ref = `${model}@${version}`;
  const isThis = (each: { readonly id: string; readonly version: string }): boolean =>
    each.id === model && each.version === version;
  const revocation = notes.revoked.find(isThis);
  if (revocation) return fault('version-revoked', { model: ref, reason: revocation.reason });
  if (here.installed.some((each) => each.model === model && each.version === version))
    return fault('trust-mix', { file: target.name, version });
  const denial = here.denied.find((each) => each.model === model && each.version === version);
  if (denial) return fault('version-denied', { model: ref, reason: denial.reason });
  const highest = newestHere({ notes, model }, options);
  if (highest !== null && compareVersions(version, highest) < 0 && !notes.allowRollbackTo.some(isThis))
    return fault('version-not-newer', { model: ref, installed: highest });
  if (compareVersions(here.appVersion, minimumAppVersion) < 0)
    return fault('pack-app-too-old', { pack: ref, needed: minimumAppVersion, version: here.appVersion });
  if (!options.isCarried && rolloutPlace(here.deviceId, model, version) >= staging)
    return fault('version-staged', { model: ref, percent: staging });
  return null;
}

/** What was revoked, or taken back on this computer, does not stand in the way of an older version that is sound. */
function newestHere({ notes, model }: Context, { here, highest }: JudgeOptions): string | null {
  const before = highest(model);
  return (
    [
      ...here.installed.filter((each) => each.model === model).map(({ version }) => version),
      ...(before === null ? [] : [before]),
    ]
      .filter((version) => !notes.revoked.some((each) => each.id === model && each.version === version))
      .filter((version) => !here.denied.some((each) => each.model === model && each.version === version))
      .toSorted(compareVersions)
      .at(-1) ?? null
  );
}

/** Newest first. */
function byModel(packs: readonly ListedPack[], channel: string): ReadonlyMap<string, readonly ListedPack[]> {
  const groups = new Map<string, ListedPack[]>();
  for (const listed of packs)
    if (listed.pack.channels.includes(channel))
      groups.set(listed.pack.id, [...(groups.get(listed.pack.id) ?? []), listed]);
  for (const group of groups.values())
    group.sort((one, other) => compareVersions(other.pack.version, one.pack.version));
  return groups;
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
