import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fault } from '../../contract/faults/faults.ts';
import type { Pointer, VersionRecord, VersionState } from '../../contract/lifecycle/lifecycle.ts';
import { trialPhases } from '../../contract/lifecycle/lifecycle.ts';
import { Manifest } from '../../contract/packs/manifest.ts';
import { reconcile } from '../../main/lifecycle/versions/reconcile.ts';
import type { Found, OnDisk, Settled } from '../../main/lifecycle/versions/reconcile.ts';
import type { LifecycleRows } from '../../main/store/index.ts';

const shipped = join(import.meta.dirname, '../../models/tensor-demo/manifest.json');
const manifest = Manifest.parse(JSON.parse(readFileSync(shipped, 'utf8')));
const at = '2026-11-20T00:00:00.000Z';
const later = '2026-11-21T00:00:00.000Z';
const why = fault('golden-failed', { model: 'a@1.0.0', failed: 1, total: 8 });

function pack(model: string, version: string): OnDisk {
  const folder = `/packs/${model}/${version}`;
  const digest = `sha256:${Buffer.from(`${model}@${version}`).toString('hex').padEnd(64, '0')}` as const;
  const named = { ...manifest, id: model, version };
  return {
    pack: {
      ref: `${model}@${version}`,
      folder,
      manifest: named,
      digest,
      trust: 'signed',
      sizeBytes: 1,
      labelCount: 0,
    },
    receipt: {
      digest,
      origin: { kind: 'feed', name: 'http://feed' },
      signer: { name: 'Northfield', key: '0'.repeat(16), at },
      installedAt: at,
    },
  };
}
const row = (model: string, version: string, state: VersionState): VersionRecord => ({
  model,
  version,
  digest: pack(model, version).pack.digest,
  state,
  origin: { kind: 'feed', name: 'http://feed' },
  signer: null,
  note: '',
  addedAt: at,
  changedAt: at,
});
const watch = (version: string) =>
  ({ model: 'a', version, share: 0.5, answered: 3, faults: 0, of: 50, medianMs: 9, budgetMs: null }) as const;

type Given = {
  readonly disk?: readonly string[];
  readonly file?: Pointer;
  readonly stored?: Pointer;
  readonly versions?: Readonly<Record<string, VersionState>>;
  readonly canaries?: LifecycleRows['canaries'];
  readonly underWay?: readonly string[];
};
const found = (given: Given): Found => ({
  disk: (given.disk ?? []).map((version) => pack('a', version)),
  pointers: new Map(given.file ? [['a', given.file]] : []),
  rows: {
    versions: Object.entries(given.versions ?? {}).map(([version, state]) => row('a', version, state)),
    pointers: given.stored ? [{ model: 'a', pointer: given.stored }] : [],
    policies: [],
    denied: [],
    canaries: given.canaries ?? [],
  },
  underWay: new Set((given.underWay ?? []).map((version) => `a@${version}`)),
  at: later,
});
const states = ({ versions }: Settled): Record<string, string> =>
  Object.fromEntries(
    versions.map(({ version, state }) => [
      version,
      state.kind === 'on-trial' ? `on-trial ${state.phase}` : state.kind,
    ]),
  );
const to = (seq: number, active: string, others: Partial<Pointer> = {}): Pointer => ({
  seq,
  active,
  previous: null,
  canary: null,
  ...others,
});
const answers = (given: Given): Pointer | undefined => reconcile(found(given)).pointers.get('a');

/** What store and pack store hold after they were put right. */
function writtenDown(given: Found, settled: Settled, now: string): Found {
  const versions = new Map(given.rows.versions.map((each) => [`${each.model}@${each.version}`, each]));
  const pointers = new Map(given.rows.pointers.map((each) => [each.model, each.pointer]));
  for (const change of settled.changes) {
    if (change.kind === 'version')
      versions.set(`${change.record.model}@${change.record.version}`, change.record);
    if (change.kind === 'pointer' && change.pointer.seq > (pointers.get(change.model)?.seq ?? -1))
      pointers.set(change.model, change.pointer);
  }
  const stored = [...pointers].map(([model, pointer]) => ({ model, pointer }));
  return {
    ...given,
    at: now,
    rows: { ...given.rows, versions: [...versions.values()], pointers: stored },
    pointers: new Map([...given.pointers, ...settled.stale]),
  };
}

describe('what holds after a kill', () => {
  const two = {
    disk: ['1.0.0', '1.1.0'],
    versions: { '1.0.0': { kind: 'previous' }, '1.1.0': { kind: 'active' } },
  } as const;
  const pointer = to(4, '1.1.0', { previous: '1.0.0' });

  it('needs nothing where store, files and disk say the same', () => {
    const settled = reconcile(found({ ...two, file: pointer, stored: pointer }));
    expect(settled.changes).toEqual([]);
    expect(settled.stale.size).toBe(0);
    expect(states(settled)).toEqual({ '1.0.0': 'previous', '1.1.0': 'active' });
  });

  it('goes by the pointer file when the database is lost, and by the database when the file is', () => {
    const fromFile = reconcile(found({ disk: two.disk, file: pointer }));
    expect(fromFile.pointers.get('a')).toEqual(pointer);
    expect(fromFile.changes).toEqual([{ kind: 'pointer', model: 'a', pointer: pointer }]);
    expect(states(fromFile)).toEqual({ '1.0.0': 'previous', '1.1.0': 'active' });
    expect(fromFile.versions[0]).toMatchObject({ origin: { kind: 'feed' }, signer: { name: 'Northfield' } });

    const fromStore = reconcile(found({ ...two, stored: pointer }));
    expect(fromStore.pointers.get('a')).toEqual(pointer);
    expect([fromStore.changes, [...fromStore.stale]]).toEqual([[], [['a', pointer]]]);
  });

  it('is the newest sound version when both are lost, and is not written down as if somebody had said so', () => {
    const settled = reconcile(found({ disk: ['1.0.0', '1.10.0', '1.9.0', '2.0.0-beta.1'] }));
    expect(settled.pointers.get('a')).toEqual(to(0, '1.10.0'));
    expect([settled.changes, settled.stale.size]).toEqual([[], 0]);
    const failed: VersionState = { kind: 'failed', from: 'on-trial', fault: why };
    expect(answers({ disk: ['1.0.0', '1.1.0'], versions: { '1.1.0': failed } })?.active).toBe('1.0.0');
    // Nothing better is here.
    expect(states(reconcile(found({ disk: ['1.1.0'], versions: { '1.1.0': failed } })))).toEqual({
      '1.1.0': 'active',
    });
  });

  it('is the greater number, wherever it is', () => {
    const [older, newer] = [to(4, '1.0.0'), to(5, '1.1.0', { previous: '1.0.0' })];
    const behindFile = reconcile(found({ ...two, file: older, stored: newer }));
    expect(behindFile.pointers.get('a')).toEqual(newer);
    expect([behindFile.changes, [...behindFile.stale]]).toEqual([[], [['a', newer]]]);
    const behindStore = reconcile(found({ ...two, file: newer, stored: older }));
    expect(behindStore.pointers.get('a')).toEqual(newer);
    expect(behindStore.changes).toEqual([{ kind: 'pointer', model: 'a', pointer: newer }]);
    expect(behindStore.stale.size).toBe(0);
  });

  it('falls from a version that is gone to the one before it, then to the newest, with the next number', () => {
    const onePointer = to(7, '1.2.0', { previous: '1.0.0', canary: '1.3.0' });
    expect(answers({ disk: ['1.0.0', '1.1.0'], file: onePointer })).toEqual(to(8, '1.0.0'));
    expect(answers({ disk: ['1.1.0', '1.0.5'], file: onePointer })).toEqual(to(8, '1.1.0'));
    const settled = reconcile(
      found({ disk: ['1.0.0'], file: pointer, stored: pointer, versions: two.versions }),
    );
    expect(states(settled)).toEqual({ '1.0.0': 'active', '1.1.0': 'swept' });
    expect(settled.stale.get('a')).toEqual(to(5, '1.0.0'));
    expect(settled.changes.filter(({ kind }) => kind === 'event')).toHaveLength(2);
    const none = reconcile(found({ file: pointer, stored: pointer, versions: two.versions }));
    expect([states(none), none.pointers.size]).toEqual([{ '1.0.0': 'swept', '1.1.0': 'swept' }, 0]);
  });

  it.each(['downloading', 'downloaded', 'verified'] as const)(
    '%s goes on only where somebody does it',
    (kind) => {
      const given: Given = { disk: ['1.0.0'], stored: to(1, '1.0.0'), versions: { '1.1.0': { kind } } };
      expect(states(reconcile(found(given)))['1.1.0']).toBe('offered');
      expect(states(reconcile(found({ ...given, underWay: ['1.1.0'] })))['1.1.0']).toBe(kind);
      // Killed between the folder's arrival and the row that tells of it.
      const placed = { ...given, disk: ['1.0.0', '1.1.0'] };
      expect(states(reconcile(found(placed)))).toEqual({ '1.0.0': 'active', '1.1.0': 'installed' });
    },
  );

  it('a trial goes on only where somebody does it; one that waits for a person waits on', () => {
    for (const phase of trialPhases) {
      const versions = { '1.1.0': { kind: 'on-trial', phase } } as const;
      const given: Given = { disk: ['1.0.0', '1.1.0'], stored: to(1, '1.0.0'), versions };
      const stopped = phase === 'waiting' ? 'on-trial waiting' : 'installed';
      expect([phase, states(reconcile(found(given)))['1.1.0']]).toEqual([phase, stopped]);
      const going = reconcile(found({ ...given, underWay: ['1.1.0'] }));
      expect(states(going)['1.1.0']).toBe(`on-trial ${phase}`);
    }
  });

  it('a version that gets a share of the answers keeps it while its watch is known', () => {
    const given: Given = {
      disk: ['1.0.0', '1.1.0'],
      stored: to(3, '1.0.0', { canary: '1.1.0' }),
      versions: { '1.0.0': { kind: 'active' }, '1.1.0': { kind: 'on-trial', phase: 'canary' } },
    };
    expect(states(reconcile(found({ ...given, canaries: [watch('1.1.0')] })))['1.1.0']).toBe(
      'on-trial canary',
    );
    expect(states(reconcile(found({ ...given, canaries: [watch('1.2.0')] })))['1.1.0']).toBe('installed');
    expect(states(reconcile(found(given)))['1.1.0']).toBe('installed');
  });

  it('the first version of a model answers once it was proved, and with a number greater than any before', () => {
    const trying = { '1.0.0': { kind: 'on-trial', phase: 'golden' } } as const;
    const given: Given = { disk: ['1.0.0'], versions: trying, underWay: ['1.0.0'] };
    const first = reconcile(found(given));
    expect([states(first), first.pointers.size]).toEqual([{ '1.0.0': 'on-trial golden' }, 0]);
    // The process that tried it was killed: it is all there is.
    expect(answers({ ...given, underWay: [] })).toEqual(to(0, '1.0.0'));
    const removedBefore = reconcile(found({ ...given, stored: to(6, '0.9.0') }));
    expect([removedBefore.pointers.size, removedBefore.numbers.get('a')]).toEqual([0, 6]);
    const both = reconcile(found({ ...given, disk: ['0.9.0', '1.0.0'] }));
    expect(both.pointers.get('a')).toEqual(to(0, '0.9.0'));
  });

  it('a version whose folder was lost is tried again before it answers, though a pointer still names it', () => {
    const installed = { '1.0.0': { kind: 'installed' } } as const;
    const given: Given = {
      disk: ['1.0.0'],
      versions: installed,
      stored: to(3, '1.0.0'),
      underWay: ['1.0.0'],
    };
    const again = reconcile(found(given));
    expect([states(again), again.pointers.size]).toEqual([{ '1.0.0': 'installed' }, 0]);
    expect(again.numbers.get('a')).toBe(3);
    // One that answers goes on while it is worked on.
    const active = reconcile(found({ ...given, versions: { '1.0.0': { kind: 'active' } } }));
    expect([states(active), active.pointers.get('a')]).toEqual([{ '1.0.0': 'active' }, to(3, '1.0.0')]);
  });

  it.each([true, false])(
    'whatever is left, one version answers (work under way: %s), and putting it right again changes nothing',
    (isAtWork) => {
      const known = ['1.0.0', '1.1.0', '1.10.0', '2.0.0-rc.1'];
      const version = fc.constantFrom(...known);
      const model = fc.constantFrom('a', 'b');
      const state = fc.oneof(
        fc
          .constantFrom(
            ...([
              'offered',
              'downloading',
              'downloaded',
              'verified',
              'installed',
              'active',
              'previous',
              'swept',
            ] as const),
          )
          .map((kind): VersionState => ({ kind })),
        fc.constantFrom(...trialPhases).map((phase): VersionState => ({ kind: 'on-trial', phase })),
        fc.constant<VersionState>({ kind: 'failed', from: 'active', fault: why }),
      );
      const pointer = fc.record({
        seq: fc.integer({ min: 0, max: 4 }),
        active: version,
        previous: fc.option(version),
        canary: fc.option(version),
      });
      const pointers = fc.dictionary(model, pointer);
      const names = fc.uniqueArray(fc.tuple(model, version), { selector: (name) => name.join('@') });
      const rows = fc.uniqueArray(fc.tuple(model, version, state), { selector: ([m, v]) => `${m}@${v}` });
      const property = fc.property(names, rows, pointers, pointers, names, names, (...drawn) => {
        const [disk, versions, files, stored, working, watched] = drawn;
        const given: Found = {
          disk: disk.map(([m, v]) => pack(m, v)),
          pointers: new Map(Object.entries(files)),
          rows: {
            versions: versions.map(([m, v, is]) => row(m, v, is)),
            pointers: Object.entries(stored).map(([m, pointer]) => ({ model: m, pointer: pointer })),
            policies: [],
            denied: [],
            canaries: watched.map(([m, v]) => ({ ...watch(v), model: m })),
          },
          underWay: new Set(isAtWork ? working.map((name) => name.join('@')) : []),
          at: later,
        };
        const settled = reconcile(given);
        for (const m of new Set(disk.map(([name]) => name))) {
          const active = settled.versions.filter((each) => each.model === m && each.state.kind === 'active');
          const isAllUnderWay = disk.every(([name, v]) => name !== m || given.underWay.has(`${name}@${v}`));
          // A model whose only version is being proved has none yet that answers.
          if (active.length === 0) expect([isAllUnderWay, settled.pointers.has(m)]).toEqual([true, false]);
          else {
            expect(active.map((each) => each.version)).toEqual([settled.pointers.get(m)?.active]);
            expect(disk).toContainEqual([m, active[0]?.version]);
          }
        }
        const again = reconcile(writtenDown(given, settled, '2026-11-22T00:00:00.000Z'));
        expect([again.changes, again.stale.size]).toEqual([[], 0]);
        expect(again.versions).toEqual(settled.versions);
        expect(again.pointers).toEqual(settled.pointers);
      });
      fc.assert(property, { numRuns: 1000 });
    },
  );
});
