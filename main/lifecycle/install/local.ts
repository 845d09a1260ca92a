import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { VersionRecord } from '../../../contract/lifecycle/lifecycle.ts';
import type { ImportPreview } from '../../../contract/lifecycle/update.ts';
import { readOutpackHead } from '../../packs/index.ts';
import type { StagedPack } from '../../packs/index.ts';
import type { OwnPack, VersionName } from '../types.ts';
import { changing } from '../change.ts';
import { pinnedPointer } from './get.ts';
import { machineFactsOf } from './machine-facts.ts';
import { missingPart } from './missing-part.ts';
import type { LifecycleParts } from '../parts.ts';
import { feedAt } from './source.ts';
import { isHere } from '../versions/index.ts';
import type { TrialHooks } from '../trial.ts';
import { tryVersion } from '../trial.ts';

/** Describes a file and what installing it would change; changes nothing. */
export async function previewFile(
  parts: LifecycleParts,
  path: string,
  { consentExpired, signal }: { readonly consentExpired: boolean; readonly signal: AbortSignal },
): Promise<Outcome<ImportPreview>> {
  const name = basename(path);
  const entry = await stat(path).catch(() => null);
  if (!entry) return failed('file-not-found', { file: name });
  if (/\.onnx$/iu.test(name)) return ok({ kind: 'onnx', name });
  const source = await feedAt(path);
  if (source) {
    if (!parts.fetcher) return failed('feed-none');
    const here = await machineFactsOf(parts);
    const report = await parts.fetcher.check({ source, here, consentExpired }, { signal });
    return report.ok ? ok({ kind: 'feed', name, report: report.value }) : report;
  }
  const head = entry.isDirectory()
    ? await folderHead(parts, path)
    : await archiveHead(parts, path, entry.size);
  if (!head.ok) return head;
  const { manifest, digest, size } = head.value;
  const { id: model, version, title, summary, licence } = manifest;
  const installed = parts.registry.pointer(model)?.active ?? null;
  return ok({
    kind: 'pack',
    name,
    model,
    version,
    title,
    summary,
    licence,
    size,
    installed,
    fault:
      (await refusal(parts, { model, version }, { digest })) ??
      missingPart(parts.library, manifest)?.fault ??
      null,
  });
}

type LocalHooks = TrialHooks & OwnPack & { readonly closed: AbortSignal };

/** Installs an unsigned pack if the settings allow it or the user built it, then runs its trial. */
export async function installLocal(
  parts: LifecycleParts,
  path: string,
  { own, closed, ...hooks }: LocalHooks,
): Promise<Outcome<VersionName>> {
  const entry = await stat(path).catch(() => null);
  if (!entry) return failed('file-not-found', { file: basename(path) });
  const { packStore, registry } = parts;
  const options = { signal: hooks.signal };
  const staged = entry.isDirectory()
    ? await packStore.stageFolder(path, options)
    : await packStore.stageArchive(path, options);
  if (!staged.ok) return staged;
  const { manifest, digest } = staged.value;
  const name = { model: manifest.id, version: manifest.version };
  const why =
    (await refusal(parts, name, { digest, isOwn: own !== undefined })) ??
    missingPart(parts.library, staged.value.manifest)?.fault;
  if (why) {
    await packStore.discard(staged.value);
    return { ok: false, fault: why };
  }
  const done = await registry.working(name.model, name.version, async () => {
    const placed = await changing(parts, async () => {
      const pinned = await registry.commit(pinnedPointer(parts, name.model));
      return pinned.ok ? place(parts, staged.value, own ?? basename(path)) : pinned;
    });
    // A pack just built on this computer has already run; once it is placed, only closing the app stops its trial.
    const trial = own === undefined ? hooks : { ...hooks, signal: closed };
    return placed.ok ? tryVersion(parts, name, trial) : placed;
  });
  // After `place`, nothing is left in staging to discard.
  if (!done.ok) await packStore.discard(staged.value).catch(() => undefined);
  return done.ok ? ok(name) : done;
}

async function place(
  { packStore, registry }: LifecycleParts,
  staged: StagedPack,
  file: string,
): Promise<Outcome<void>> {
  const { id: model, version } = staged.manifest;
  const at = new Date().toISOString();
  const origin = { kind: 'file', name: file } as const;
  const placed = await packStore.place(staged, {
    digest: staged.digest,
    origin,
    signer: null,
    installedAt: at,
  });
  if (!placed.ok) return placed;
  const known = registry.get(model, version);
  const record: VersionRecord = {
    model,
    version,
    digest: staged.digest,
    state: { kind: 'installed' },
    origin,
    signer: null,
    note: '',
    addedAt: at,
    changedAt: at,
  };
  const event = { model, version, at, from: known?.state.kind ?? null, to: 'installed', fault: null };
  const written = await registry.commit([
    { kind: 'version', record },
    { kind: 'event', event },
    { kind: 'undeny', model, version },
  ]);
  await registry.refresh();
  return written;
}

/** Why this pack may not be installed, or null. */
async function refusal(
  { registry, settings }: LifecycleParts,
  { model, version }: VersionName,
  { digest, isOwn = false }: { readonly digest: string; readonly isOwn?: boolean },
): Promise<Fault | null> {
  const ref = `${model}@${version}`;
  const known = registry.get(model, version);
  if (known && isHere(known.state))
    return known.digest === digest
      ? fault('lifecycle-step', { model: ref, state: reason('state-here-already') })
      : fault('pack-exists', { model: ref });
  const revoked = registry.denied(model, version)?.fault;
  if (revoked?.code === 'version-revoked') return revoked;
  return isOwn || (await settings()).allowUnsigned ? null : fault('pack-unsigned', { pack: ref });
}

type Head = { readonly manifest: Manifest; readonly digest: string; readonly size: number };

async function archiveHead(
  { appVersion }: LifecycleParts,
  path: string,
  size: number,
): Promise<Outcome<Head>> {
  const head = await readOutpackHead(path, { appVersion });
  return head.ok ? ok({ manifest: head.value.manifest, digest: head.value.digest, size }) : head;
}

async function folderHead({ packStore }: LifecycleParts, path: string): Promise<Outcome<Head>> {
  const staged = await packStore.stageFolder(path);
  if (!staged.ok) return staged;
  await packStore.discard(staged.value);
  const { manifest, digest, sizeBytes } = staged.value;
  return ok({ manifest, digest, size: sizeBytes });
}
