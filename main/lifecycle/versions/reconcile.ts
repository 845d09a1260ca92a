import type { Pointer, VersionRecord, VersionState } from '../../../contract/lifecycle/lifecycle.ts';
import { compareVersions, isPrerelease } from '../../packs/index.ts';
import type { Pack, Receipt } from '../../packs/index.ts';
import type { LifecycleChange, LifecycleRows } from '../../store/index.ts';
import { isHere } from './step.ts';

export type OnDisk = { readonly pack: Pack; readonly receipt: Receipt | null };
export type Found = {
  readonly disk: readonly OnDisk[];
  /** Contents of the pointer files. */
  readonly pointers: ReadonlyMap<string, Pointer>;
  readonly rows: LifecycleRows;
  readonly at: string;
  /** `id@version` of versions that a process is downloading or trying: their intermediate states are no leftovers. */
  readonly underWay: ReadonlySet<string>;
};
export type Settled = {
  readonly versions: readonly VersionRecord[];
  /** One for each model with an installed version; `seq` 0 marks one that was inferred and never written. */
  readonly pointers: ReadonlyMap<string, Pointer>;
  /** Highest sequence number ever used, by model, also for models without an installed version. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Changes to bring the store up to date. */
  readonly changes: readonly LifecycleChange[];
  /** Pointer files to rewrite. */
  readonly stale: ReadonlyMap<string, Pointer>;
};

/**
 * Derives the true state from what a kill, a lost database or file, or another process may have left. The disk decides
 * which versions are installed; of the two copies of a pointer the one with the higher number counts; and exactly one
 * version of each model is active. Pure.
 */
export function reconcile({ disk, pointers, rows, at, underWay }: Found): Settled {
  const changes: LifecycleChange[] = [];
  const stale = new Map<string, Pointer>();
  const settledPointers = new Map<string, Pointer>();
  const numbers = new Map<string, number>();
  const versions: VersionRecord[] = [];
  const stored = new Map(rows.versions.map((record) => [refOf(record), record]));
  const here = new Map(disk.map((each) => [each.pack.ref, each]));
  const models = new Set([
    ...disk.map(({ pack }) => pack.manifest.id),
    ...rows.versions.map(({ model }) => model),
  ]);
  for (const model of [...models].sort()) {
    const mine = disk.filter(({ pack }) => pack.manifest.id === model);
    const recorded = rows.versions.filter((record) => record.model === model);
    const newest = greater(pointers.get(model), rows.pointers.find((row) => row.model === model)?.pointer);
    const failed = new Set(
      recorded.filter(({ state }) => state.kind === 'failed').map(({ version }) => version),
    );
    const isProving = (version: string): boolean => underWay.has(`${model}@${version}`);
    const untried = new Set(
      recorded
        .filter(({ state }) => state.kind === 'installed' || state.kind === 'on-trial')
        .map(({ version }) => version),
    );
    const isReturning = (version: string): boolean => isProving(version) && untried.has(version);
    const pointer = settlePointer(newest, mine, { failed, isProving, isReturning });
    numbers.set(model, pointer?.seq ?? newest?.seq ?? 0);
    if (pointer) settledPointers.set(model, pointer);
    if (pointer && pointer.seq > 0) {
      if ((pointers.get(model)?.seq ?? -1) < pointer.seq) stale.set(model, pointer);
      const inStore = rows.pointers.find((row) => row.model === model)?.pointer.seq ?? -1;
      if (inStore < pointer.seq) changes.push({ kind: 'pointer', model, pointer });
    }
    const records = [
      ...recorded.map((record) =>
        settleRecord(record, {
          here: here.get(refOf(record)),
          isUnderWay: underWay.has(refOf(record)),
          pointer,
          rows,
          at,
        }),
      ),
      ...mine.filter(({ pack }) => !stored.has(pack.ref)).map((each) => newRecord(each, pointer, at)),
    ];
    for (const record of records) {
      const before = stored.get(refOf(record));
      // Versions that were merely found on disk are written to the store when their state first changes.
      if (!before || JSON.stringify(before) === JSON.stringify(record)) continue;
      changes.push({ kind: 'version', record });
      if (before.state.kind !== record.state.kind)
        changes.push({
          kind: 'event',
          event: {
            model,
            version: record.version,
            at,
            from: before.state.kind,
            to: record.state.kind,
            fault: null,
          },
        });
    }
    versions.push(...records);
  }
  return { versions, pointers: settledPointers, numbers, changes, stale };
}

function greater(one: Pointer | undefined, other: Pointer | undefined): Pointer | undefined {
  if (!one || !other) return one ?? other;
  return other.seq > one.seq ? other : one;
}

/**
 * A pointer to a missing version falls back to the previous version, then to the newest installed one. A version in its
 * trial becomes active only when the trial has passed, even if it is the model's first.
 */
function settlePointer(
  pointer: Pointer | undefined,
  disk: readonly OnDisk[],
  known: {
    readonly failed: ReadonlySet<string>;
    readonly isProving: (version: string) => boolean;
    /** A version that a pointer may still name, whose files were lost and are installed again: it is tried first. */
    readonly isReturning: (version: string) => boolean;
  },
): Pointer | null {
  const newest = disk
    .map(({ pack }) => pack.manifest.version)
    .sort(
      (one, other) => Number(isPrerelease(one)) - Number(isPrerelease(other)) || compareVersions(other, one),
    );
  const isThere = (version: string | null | undefined): version is string =>
    version !== null && version !== undefined && newest.includes(version);
  const settled = newest.filter((version) => !known.isProving(version));
  const sound = settled.find((version) => !known.failed.has(version)) ?? settled[0];
  if (!pointer) return sound === undefined ? null : { seq: 0, active: sound, previous: null, canary: null };
  const active =
    isThere(pointer.active) && !known.isReturning(pointer.active)
      ? pointer.active
      : isThere(pointer.previous)
        ? pointer.previous
        : sound;
  if (active === undefined) return null;
  const previous = isThere(pointer.previous) && pointer.previous !== active ? pointer.previous : null;
  const canary = isThere(pointer.canary) && pointer.canary !== active ? pointer.canary : null;
  const isSame = active === pointer.active && previous === pointer.previous && canary === pointer.canary;
  return isSame ? pointer : { seq: pointer.seq + 1, active, previous, canary };
}

type Around = {
  readonly here: OnDisk | undefined;
  readonly isUnderWay: boolean;
  readonly pointer: Pointer | null;
  readonly rows: LifecycleRows;
  readonly at: string;
};

function settleRecord(record: VersionRecord, around: Around): VersionRecord {
  const { here, at } = around;
  const state = settleState(record, around);
  const digest = here?.pack.digest ?? record.digest;
  const isSame = state.kind === record.state.kind && digest === record.digest;
  return isSame ? record : { ...record, state, digest, changedAt: at };
}

function settleState(
  { model, version, state }: VersionRecord,
  { here, isUnderWay, pointer, rows }: Around,
): VersionState {
  const isHalfWay = state.kind === 'downloading' || state.kind === 'downloaded' || state.kind === 'verified';
  if (here && pointer?.active === version) return { kind: 'active' };
  if (isHalfWay && isUnderWay) return state;
  if (!here) {
    if (isHere(state)) return { kind: 'swept' };
    return isHalfWay ? { kind: 'offered' } : state;
  }
  if (state.kind === 'failed') return state;
  if (state.kind === 'on-trial' && (isUnderWay || state.phase === 'waiting')) return state;
  const isWatched =
    pointer?.canary === version &&
    rows.canaries.some((each) => each.model === model && each.version === version);
  if (isWatched) return { kind: 'on-trial', phase: 'canary' };
  // An interrupted trial starts again when it is requested.
  return pointer?.previous === version ? { kind: 'previous' } : { kind: 'installed' };
}

function newRecord({ pack, receipt }: OnDisk, pointer: Pointer | null, at: string): VersionRecord {
  const { version, id } = pack.manifest;
  const kind =
    pointer?.active === version ? 'active' : pointer?.previous === version ? 'previous' : 'installed';
  const isBuiltIn = pack.trust === 'built-in';
  return {
    model: id,
    version,
    digest: pack.digest,
    state: { kind },
    origin: receipt?.origin ?? {
      kind: isBuiltIn ? 'built-in' : 'file',
      name: isBuiltIn ? 'Outpost' : pack.folder,
    },
    signer: receipt?.signer ?? null,
    note: '',
    addedAt: receipt?.installedAt ?? at,
    changedAt: receipt?.installedAt ?? at,
  };
}

const refOf = ({ model, version }: { readonly model: string; readonly version: string }): string =>
  `${model}@${version}`;
