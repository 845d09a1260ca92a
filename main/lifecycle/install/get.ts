import { rm } from 'node:fs/promises';
import { failed, fault, faultTable, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import type { VersionRecord } from '../../../contract/lifecycle/lifecycle.ts';
import type { DownloadProgress, Offer, UpdateSource } from '../../../contract/lifecycle/update.ts';
import type { GetRequest, VersionName } from '../types.ts';
import { ownMark } from '../../lib/process-mark.ts';
import { changing, move, moveAlone } from '../change.ts';
import { machineFactsOf, originOf } from './machine-facts.ts';
import { getParts } from './get-parts.ts';
import type { LifecycleParts } from '../parts.ts';
import type { TrialHooks } from '../trial.ts';
import { tryVersion } from '../trial.ts';

export type GetHooks = TrialHooks & {
  readonly onFetch: (progress: DownloadProgress | null, name: VersionName) => void;
};
type Getting = {
  readonly request: GetRequest;
  readonly source: UpdateSource;
  readonly offer: Offer;
  readonly hooks: GetHooks;
};

/** Disk space to keep free for the store, beyond the archive, its unpacked files and the base of the delta. */
const marginBytes = 64 * 1024 ** 2;

/** offered → downloading → downloaded → verified → installed, then its trial. */
export async function getVersion(
  parts: LifecycleParts,
  request: GetRequest & { readonly source: UpdateSource },
  hooks: GetHooks,
): Promise<Outcome<void>> {
  // Already tried on this computer: a person decides what happens next.
  if (parts.registry.get(request.model, request.version)?.state.kind === 'on-trial') return ok(undefined);
  const offer = await offerOf(parts, request, hooks.signal);
  if (!offer.ok) return offer;
  const getting = { request, source: request.source, offer: offer.value, hooks };
  const noted = await noteOffer(parts, getting);
  if (!noted.ok) return noted;
  // A process may have been killed between installing and the trial: then only the trial is left to do.
  if (noted.value.state.kind === 'offered') {
    const installed = await install(parts, getting);
    if (!installed.ok) return installed;
  } else {
    const pack = parts.library.find(`${request.model}@${request.version}`);
    const whole = pack.ok ? await partsOf(parts, pack.value.manifest, getting) : pack;
    if (!whole.ok) return whole;
  }
  return tryVersion(parts, request, hooks);
}

/** The parts of a composed pack come from where it comes from. */
function partsOf(
  parts: LifecycleParts,
  manifest: Manifest,
  { request, source, hooks }: Getting,
): Promise<Outcome<void>> {
  return getParts(parts, {
    manifest,
    source,
    consentExpired: request.consentExpired ?? false,
    signal: hooks.signal,
    get: (part) => getVersion(parts, { ...request, ...part, source }, hooks),
  });
}

/** What an installed composed pack lacks, since a part was removed or failed after it was installed. */
export function getMissingParts(
  parts: LifecycleParts,
  { manifest, source }: { readonly manifest: Manifest; readonly source: UpdateSource },
  hooks: GetHooks,
): Promise<Outcome<void>> {
  return getParts(parts, {
    manifest,
    source,
    consentExpired: false,
    signal: hooks.signal,
    get: (part) => getVersion(parts, { ...part, source }, hooks),
  });
}

/** Verifies the feed's metadata again: a version offered yesterday may be revoked today. */
async function offerOf(
  parts: LifecycleParts,
  request: GetRequest & { readonly source: UpdateSource },
  signal: AbortSignal,
): Promise<Outcome<Offer>> {
  const { fetcher } = parts;
  if (!fetcher) return failed('feed-none');
  const { model, version, source, consentExpired = false } = request;
  const here = await machineFactsOf(parts, request);
  const wanted = { model, version };
  const checked = await fetcher.check({ source, here, consentExpired, wanted }, { signal });
  if (!checked.ok) return checked;
  const isMeant = (each: VersionName): boolean => each.model === model && each.version === version;
  const offer = checked.value.offers.find(isMeant);
  if (offer) return ok(offer);
  const withheld = checked.value.withheld.find(isMeant);
  return withheld
    ? { ok: false, fault: withheld.fault }
    : failed('trust-target-missing', { file: `${model}@${version}` });
}

function noteOffer(parts: LifecycleParts, { offer, source }: Getting): Promise<Outcome<VersionRecord>> {
  const { registry } = parts;
  return changing(parts, async () => {
    const { model, version } = offer;
    const known = registry.get(model, version);
    if (known && (known.state.kind === 'installed' || known.state.kind === 'offered')) {
      const written = await registry.commit(pinnedPointer(parts, model));
      return written.ok ? ok(known) : written;
    }
    if (known && known.state.kind !== 'swept' && known.state.kind !== 'failed')
      return failed('lifecycle-step', {
        model: `${model}@${version}`,
        state: reason(`state-${known.state.kind}`),
      });
    const at = new Date().toISOString();
    const record: VersionRecord = {
      model,
      version,
      digest: offer.digest,
      state: { kind: 'offered' },
      origin: originOf(source),
      signer: offer.signer,
      note: offer.note,
      addedAt: at,
      changedAt: at,
    };
    const event = { model, version, at, from: known?.state.kind ?? null, to: 'offered', fault: null };
    const written = await registry.commit([
      { kind: 'version', record },
      { kind: 'event', event },
      { kind: 'undeny', model, version },
      ...pinnedPointer(parts, model),
    ]);
    return written.ok ? ok(record) : written;
  });
}

async function install(parts: LifecycleParts, getting: Getting): Promise<Outcome<void>> {
  const { packStore } = parts;
  const { offer, hooks } = getting;
  const name = { model: offer.model, version: offer.version };
  const space = await hasSpace(parts, offer);
  if (!space.ok) return space;
  const begun = await moveAlone(parts, name, { move: { kind: 'fetch' } });
  if (!begun.ok) return begun;
  const archive = await packStore.stagingFile(`${offer.model}-${offer.version}.outpack`);
  const basisFile = await packStore.stagingFile(`basis-${offer.model}-${ownMark()}.outpack`);
  try {
    const fetched = await fetchArchive(parts, getting, { archive, basisFile });
    if (!fetched.ok) return await setBack(parts, name, fetched.fault);
    const downloaded = await moveAlone(parts, name, { move: { kind: 'fetched' } });
    if (!downloaded.ok) return downloaded;
    const staged = await packStore.stageArchive(archive, { signal: hooks.signal });
    if (!staged.ok) return await setBack(parts, name, staged.fault);
    const { manifest, digest } = staged.value;
    const isMeant =
      digest === offer.digest && manifest.id === offer.model && manifest.version === offer.version;
    if (!isMeant) {
      await packStore.discard(staged.value);
      return await setBack(
        parts,
        name,
        fault('trust-digest', { file: offer.model, what: reason('the-manifest') }),
      );
    }
    const verified = await moveAlone(parts, name, { move: { kind: 'verified' } });
    if (!verified.ok) return verified;
    // Parts first: a pack that lacks one must not stand among those that answer.
    const whole = await partsOf(parts, manifest, getting);
    if (!whole.ok) {
      await packStore.discard(staged.value);
      await moveAlone(parts, name, { move: { kind: 'cancel' } });
      return whole;
    }
    const origin = originOf(getting.source);
    const placed = await changing(parts, async () => {
      const receipt = { digest, origin, signer: offer.signer, installedAt: new Date().toISOString() };
      const there = await packStore.place(staged.value, receipt);
      if (!there.ok) return there;
      const moved = await move(parts, name, { move: { kind: 'place' } });
      await parts.registry.refresh();
      return moved;
    });
    if (!placed.ok) {
      // After `place`, nothing is left in staging to discard.
      await packStore.discard(staged.value).catch(() => undefined);
      return await setBack(parts, name, placed.fault);
    }
    await rm(archive, { force: true });
    return ok(undefined);
  } finally {
    hooks.onFetch(null, name);
    // A download that cannot become a pack must not be resumed.
    if (parts.registry.get(name.model, name.version)?.state.kind === 'failed')
      await rm(archive, { force: true });
    await rm(basisFile, { force: true });
  }
}

async function fetchArchive(
  parts: LifecycleParts,
  { offer, source, request, hooks }: Getting,
  { archive, basisFile }: { readonly archive: string; readonly basisFile: string },
): Promise<Outcome<unknown>> {
  const { library, registry, packStore, fetcher } = parts;
  if (!fetcher) return failed('feed-none');
  const active = registry.pointer(offer.model)?.active;
  const pack = active === undefined ? null : library.find(`${offer.model}@${active}`);
  // Rebuilding the active version's archive as the base of a delta costs a second and saves most of the download.
  const made =
    source.kind === 'http' && pack?.ok
      ? await packStore.writeArchive(pack.value.folder, basisFile, { signal: hooks.signal })
      : null;
  const basis = made?.ok && active !== undefined ? { file: basisFile, version: active } : null;
  return fetcher.fetch({
    source,
    offer,
    to: archive,
    basis,
    byHand: request.byHand ?? true,
    consentExpired: request.consentExpired ?? false,
    onProgress: (progress) => hooks.onFetch(progress, offer),
    signal: hooks.signal,
  });
}

/**
 * Sets a version back to offered after a fault that a retry may cure, else to failed; returns the fault in both cases.
 */
async function setBack(parts: LifecycleParts, name: VersionName, why: Fault): Promise<Outcome<never>> {
  const isForNow = faultTable[why.code].retry || why.code === 'cancelled';
  await moveAlone(parts, name, { move: isForNow ? { kind: 'cancel' } : { kind: 'fail', fault: why } });
  return { ok: false, fault: why };
}

async function hasSpace(
  { packStore }: LifecycleParts,
  { size, unpackedSize }: Offer,
): Promise<Outcome<void>> {
  const needed = 2 * size + unpackedSize + marginBytes;
  const free = await packStore.freeBytes();
  return free >= needed
    ? ok(undefined)
    : failed('not-enough-space', { needed, free, folder: packStore.folder });
}

/**
 * Before another version is installed, the pointer to the active one is written: without a pointer the newest version
 * would answer.
 */
export function pinnedPointer({ registry }: LifecycleParts, model: string) {
  const pointer = registry.pointer(model);
  return pointer && pointer.seq === 0
    ? [{ kind: 'pointer', model, pointer: { ...pointer, seq: 1 } } as const]
    : [];
}
