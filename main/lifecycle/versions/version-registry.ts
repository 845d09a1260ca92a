import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type {
  CanaryReport,
  DeniedVersion,
  Pointer,
  VersionPolicy,
  VersionRecord,
} from '../../../contract/lifecycle/lifecycle.ts';
import type { Library, PackStore } from '../../packs/index.ts';
import type { LifecycleChange, Store } from '../../store/index.ts';
import { reconcile } from './reconcile.ts';
import { step } from './step.ts';
import type { Move } from './step.ts';

type VersionRegistryParts = {
  readonly store: Store;
  readonly packStore: PackStore;
  readonly library: Library;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Called after every change, so that plans are recomputed and windows refresh. */
  readonly onChange: () => void;
};
const passing: readonly string[] = ['downloading', 'downloaded', 'verified'];
export type VersionRegistry = Awaited<ReturnType<typeof openVersionRegistry>>;

/** All versions with their states, mirrored in memory; every change is one transaction in the store. */
export async function openVersionRegistry({
  store,
  packStore,
  library,
  log,
  onChange,
}: VersionRegistryParts) {
  let versions = new Map<string, VersionRecord>();
  let pointers = new Map<string, Pointer>();
  let numbers: ReadonlyMap<string, number> = new Map();
  let policies = new Map<string, VersionPolicy>();
  let denied = new Map<string, DeniedVersion>();
  let canaries = new Map<string, CanaryReport>();
  let unwritten: readonly LifecycleChange[] = [];
  let stale: ReadonlyMap<string, Pointer> = new Map();
  const working = new Set<string>();
  /** Locked here a moment ago for work that has not begun: a half-way state is what a process left that has ended. */
  const starting = new Set<string>();

  /** Versions that failed here, or were rolled back by a person or revoked by the publisher. */
  const shunned = (): ReadonlySet<string> =>
    new Set([
      ...denied.keys(),
      ...[...versions].flatMap(([name, { state }]) => (state.kind === 'failed' ? [name] : [])),
    ]);

  /** Counter of changes to the mirror: a refresh that started before a change must not overwrite it. */
  let turn = 0;

  /**
   * Reads disk, pointers and store again; writes nothing. `isScanned`: the library was opened just now and is scanned
   * again only if a pointer names a version that it lacks.
   */
  const refresh = async ({ isScanned = false } = {}): Promise<void> => {
    const begun = turn;
    if (!isScanned) await library.scan();
    const [rows, files, receipts] = await Promise.all([
      store.lifecycle(),
      packStore.pointers(),
      receiptsOf(),
    ]);
    const refs = new Set(library.list().map(({ ref }) => ref));
    if (isScanned && [...files].some(([model, { active }]) => !refs.has(`${model}@${active}`)))
      return refresh();
    const disk = library.list().map((pack) => ({ pack, receipt: receipts.get(pack.ref) ?? null }));
    const models = new Set([...files.keys(), ...rows.pointers.map(({ model }) => model)]);
    const underWay = await atWork(rows.versions, models);
    if (turn !== begun) return refresh();
    turn += 1;
    const settled = reconcile({ disk, pointers: files, rows, underWay, at: new Date().toISOString() });
    versions = new Map(settled.versions.map((record) => [`${record.model}@${record.version}`, record]));
    pointers = new Map(settled.pointers);
    numbers = settled.numbers;
    policies = new Map(rows.policies.map(({ model, policy }) => [model, policy]));
    denied = new Map(rows.denied.map((each) => [`${each.model}@${each.version}`, each]));
    canaries = new Map(rows.canaries.map((report) => [report.model, report]));
    unwritten = settled.changes;
    stale = settled.stale;
    library.point(pointers, shunned());
    onChange();
  };
  /** Versions that this process or another live one is working on. */
  const atWork = async (
    records: readonly VersionRecord[],
    models: ReadonlySet<string>,
  ): Promise<ReadonlySet<string>> => {
    const busy = new Set(working);
    for (const { model, version, state } of records) {
      const name = `${model}@${version}`;
      // The first version of a model is in state installed for a moment before its trial.
      const isFirst = state.kind === 'installed' && !models.has(model);
      const isTried = state.kind === 'on-trial' && state.phase !== 'waiting';
      const isPassing = passing.includes(state.kind) || isTried || isFirst;
      const isOthers = isPassing && !busy.has(name) && !starting.has(name);
      if (isOthers && (await packStore.isWorkedOn(model, version))) busy.add(name);
    }
    return busy;
  };
  const receiptsOf = async () => {
    const own = library.list().filter(({ trust }) => trust !== 'built-in');
    const read = await Promise.all(
      own.map(
        async ({ ref, manifest }) => [ref, await packStore.receipt(manifest.id, manifest.version)] as const,
      ),
    );
    return new Map(read);
  };

  /** Commits all changes or none; the mirror changes only after the disk has. */
  const commit = async (
    changes: readonly LifecycleChange[],
    fault?: 'even-unwritten',
  ): Promise<Outcome<void>> => {
    const isWritten = await store.commitLifecycle(changes);
    turn += 1;
    if (!isWritten && fault === undefined) return failed('disk-full', { file: packStore.folder });
    if (!isWritten)
      log('error', 'the store did not take a change of versions; it holds until the program ends');
    const moved: [string, Pointer][] = [];
    for (const change of changes) {
      switch (change.kind) {
        case 'version':
          versions.set(`${change.record.model}@${change.record.version}`, change.record);
          break;
        case 'forget-version':
          versions.delete(`${change.model}@${change.version}`);
          break;
        case 'pointer':
          pointers.set(change.model, change.pointer);
          moved.push([change.model, change.pointer]);
          break;
        case 'forget-pointer':
          pointers.delete(change.model);
          break;
        case 'policy':
          policies.set(change.model, change.policy);
          break;
        case 'deny':
          denied.set(`${change.denied.model}@${change.denied.version}`, change.denied);
          break;
        case 'undeny':
          denied.delete(`${change.model}@${change.version}`);
          break;
        case 'canary':
          canaries.set(change.report.model, change.report);
          break;
        case 'end-canary':
          canaries.delete(change.model);
          break;
        case 'event':
          break;
      }
    }
    for (const [model, pointer] of moved) {
      const file = await packStore.writePointer(model, pointer);
      // The store has the higher number: the file is rewritten at the next start.
      if (!file.ok) log('warn', `the pointer of ${model} was not written: ${file.fault.message}`);
    }
    library.point(pointers, shunned());
    onChange();
    return ok(undefined);
  };

  /** Record and event of a transition, or null where the diagram has no such arrow. */
  const moved = (record: VersionRecord, move: Move): readonly LifecycleChange[] | null => {
    const state = step(record.state, move);
    if (!state) return null;
    const at = new Date().toISOString();
    const { model, version } = record;
    const fault: Fault | null = move.kind === 'fail' ? move.fault : null;
    const to = state.kind === 'on-trial' ? `on-trial ${state.phase}` : state.kind;
    return [
      { kind: 'version', record: { ...record, state, changedAt: at } },
      { kind: 'event', event: { model, version, at, from: record.state.kind, to, fault } },
    ];
  };

  /** Runs a change under the lock between processes, after reading again and writing down what was out of date. */
  const locked = async <T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const held = await packStore.lock();
    if (!held.ok) return held;
    try {
      await refresh();
      if (unwritten.length > 0 && (await store.commitLifecycle(unwritten))) unwritten = [];
      for (const [model, pointer] of stale) await packStore.writePointer(model, pointer);
      stale = new Map();
      return await work();
    } finally {
      await held.value();
    }
  };
  /** Reads again, and writes down where a version stands whose process ended half-way. */
  const resetLeft = async (model: string, version: string): Promise<Outcome<void>> => {
    await refresh();
    const isLeft = unwritten.some(
      (change) =>
        change.kind === 'version' && change.record.model === model && change.record.version === version,
    );
    return isLeft ? locked(async () => ok(undefined)) : ok(undefined);
  };

  await refresh({ isScanned: true });
  return {
    refresh: () => refresh(),
    commit,
    moved,
    /**
     * Runs work on one version, in one process at a time; a state left half-way by a process that ended is reset first.
     */
    working: async <T>(
      model: string,
      version: string,
      work: () => Promise<Outcome<T>>,
    ): Promise<Outcome<T>> => {
      const release = await packStore.workLock(model, version);
      if (!release) return failed('lifecycle-locked', { folder: packStore.folder });
      const name = `${model}@${version}`;
      try {
        starting.add(name);
        const reset = await resetLeft(model, version);
        starting.delete(name);
        if (!reset.ok) return reset;
        working.add(name);
        return await work();
      } finally {
        starting.delete(name);
        working.delete(name);
        await release();
      }
    },
    locked,
    get: (model: string, version: string): VersionRecord | null =>
      versions.get(`${model}@${version}`) ?? null,
    of: (model: string): readonly VersionRecord[] =>
      [...versions.values()].filter((each) => each.model === model),
    all: (): readonly VersionRecord[] => [...versions.values()],
    pointer: (model: string): Pointer | null => pointers.get(model) ?? null,
    /** Sequence number of the model's last pointer, also when its version was removed. */
    number: (model: string): number => Math.max(numbers.get(model) ?? 0, pointers.get(model)?.seq ?? 0),
    policy: (model: string): VersionPolicy => policies.get(model) ?? { kind: 'latest' },
    denied: (model: string, version: string): DeniedVersion | null =>
      denied.get(`${model}@${version}`) ?? null,
    allDenied: (): readonly DeniedVersion[] => [...denied.values()],
    canary: (model: string): CanaryReport | null => canaries.get(model) ?? null,
    canaries: (): readonly CanaryReport[] => [...canaries.values()],
  };
}
