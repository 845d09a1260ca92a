import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrialReport } from '../../contract/lifecycle/trial.ts';
import { recordRow } from '../../main/store/index.ts';
import type { Store, StoredTrialItem } from '../../main/store/index.ts';
import { turn, versionRecord } from '../fixtures/lifecycle-rows.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startLifecycleProcess } from '../fixtures/store-process.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = newFolder();
  store = await openTestStore(folder);
});
afterEach(async () => {
  await store.close();
});

const answer = (input: string, label: string, version: string) => ({
  digest: `sha256:${input.padEnd(64, '0')}` as const,
  sizeBytes: 10,
  model: 'small',
  version,
  packDigest: `sha256:${'a'.repeat(64)}` as const,
  variant: 'fp32' as const,
  provider: 'cpu' as const,
  settings: '',
  shape: { workers: 1, threads: 1 },
  durationMs: 1,
  decodeMs: 1,
  runMs: 1,
  at: `2026-11-23T00:00:${input.padStart(2, '0')}.000Z`,
  appVersion: '0.1.0',
  result: {
    task: 'image-classification' as const,
    // The name of a label may be another in each version, its id may not.
    predictions: [{ index: 0, id: label, label: `${label} of ${version}`, score: 0.9 }],
    labelCount: 2,
    width: 1,
    height: 1,
    seen: { left: 0, top: 0, width: 1, height: 1 },
  },
});
const put = (input: string, label: string, version = '1.0.0'): void => {
  const file = { path: `/photos/${input}.jpg`, size: 10, mtimeNs: 1n, inode: BigInt(input) };
  store.putRecord(`${input}-${version}`, recordRow(answer(input, label, version)), file);
};

describe('the lifecycle in the store', () => {
  it('keeps versions, pointers, policies, denials, canaries and history, and takes no older pointer', async () => {
    expect(await store.commitLifecycle(turn(3))).toBe(true);
    await store.commitLifecycle([
      { kind: 'pointer', model: 'small', pointer: { seq: 2, active: '9.9.9', previous: null, canary: null } },
      { kind: 'policy', model: 'small', policy: { kind: 'specific', version: '1.0.0' } },
      { kind: 'version', record: { ...versionRecord('1.2.0', 'installed'), state: { kind: 'offered' } } },
    ]);
    await store.commitLifecycle([{ kind: 'forget-version', model: 'small', version: '1.2.0' }]);
    const rows = await store.lifecycle();
    expect(rows.versions.map(({ version, state }) => [version, state.kind])).toEqual([
      ['1.0.0', 'previous'],
      ['1.1.0', 'active'],
    ]);
    expect(rows.pointers).toEqual([
      { model: 'small', pointer: { seq: 3, active: '1.1.0', previous: '1.0.0', canary: null } },
    ]);
    expect(rows.policies).toEqual([{ model: 'small', policy: { kind: 'specific', version: '1.0.0' } }]);
    await store.commitLifecycle(turn(4));
    expect((await store.lifecycleEvents('small', 1)).map(({ at }) => at)).toEqual(['4']);
  });

  it('raises ratchets and never lowers them, whoever asks', async () => {
    await store.raiseRatchets({ root: 3, seen: 5 });
    await store.raiseRatchets({ root: 1, seen: 8 });
    await store.close();
    store = await openTestStore(folder);
    expect(await store.ratchets()).toEqual({ root: 3, seen: 8 });
  });

  it('knows the last distinct inputs, and how often each version was right where a person said so', async () => {
    for (const [input, label] of [
      ['1', 'cat'],
      ['2', 'dog'],
      ['3', 'cat'],
    ] as const) {
      put(input, label);
      put(input, 'cat', '1.1.0');
    }
    const recent = await store.recentInputs('small', 2);
    expect(recent.map(({ path: file }) => file)).toEqual(['/photos/3.jpg', '/photos/2.jpg']);
    for (const input of ['1', '2'])
      await store.confirm({
        digest: answer(input, '', '').digest,
        model: 'small',
        labelId: 'cat',
        label: 'cat',
        path: `/photos/${input}.jpg`,
        at: input,
      });
    expect(await store.confirmedByVersion('small')).toEqual([
      { version: '1.0.0', right: 1, of: 2 },
      { version: '1.1.0', right: 2, of: 2 },
    ]);
    await store.unconfirm(answer('2', '', '').digest, 'small');
    expect((await store.confirmations('small', 10)).map(({ path: file }) => file)).toEqual(['/photos/1.jpg']);
    expect(await store.confirmation(answer('2', '', '').digest, 'small')).toBeNull();
    expect(await store.resultsByVersion('small')).toEqual([
      { version: '1.0.0', answers: 3 },
      { version: '1.1.0', answers: 3 },
    ]);
  });

  it('keeps the last twenty comparisons of a model, with their items', async () => {
    const sums = { items: 1, right: 0, better: 1, worse: 0, wrong: 0, agree: 0, differ: 0 };
    const side = { golden: null, medianMs: null, memoryBytes: null };
    const report = (n: number): TrialReport => ({
      id: `t${n}`,
      model: 'small',
      from: '1.0.0',
      to: '1.1.0',
      basis: 'own',
      at: `2026-11-23T00:00:${String(n).padStart(2, '0')}.000Z`,
      sums,
      rows: [],
      labelsWithout: 0,
      missing: 0,
      sides: { from: side, to: side },
    });
    const item = (seq: number, verdict: 'better' | 'worse'): StoredTrialItem => ({
      seq,
      path: `/photos/${seq}.jpg`,
      name: `${seq}.jpg`,
      labelId: 'cat',
      label: 'cat',
      verdict,
      from: null,
      to: null,
    });
    for (let n = 0; n < 22; n += 1)
      await store.saveTrial(report(n), [item(0, 'better'), item(1, 'worse'), item(2, 'worse')]);
    expect((await store.trial('small', '1.1.0'))?.id).toBe('t21');
    const worse = await store.trialItems({
      id: 't21',
      labelId: 'cat',
      verdict: 'worse',
      offset: 1,
      limit: 5,
    });
    expect([worse.total, worse.items.map(({ seq }) => seq)]).toEqual([2, [2]]);
    expect((await store.trialItems({ id: 't1', offset: 0, limit: 5 })).total).toBe(0);
    expect((await store.trialItems({ id: 't2', offset: 0, limit: 5 })).total).toBe(3);
  });

  it('after a kill in the middle of changes, either all rows of one are there or none', async () => {
    await store.close();
    let last = 0;
    const rounds = inLong(12, 4);
    for (let round = 0; round < rounds; round += 1) {
      const child = await startLifecycleProcess(folder, last + 1);
      let reported = 0;
      child.stdout!.on(
        'data',
        (chunk: Buffer) => (reported = Number(chunk.toString().trimEnd().split('\n').at(-1))),
      );
      await once(child.stdout!, 'data');
      await new Promise((wait) => setTimeout(wait, 20 + round * (84 / rounds)));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const after = await openTestStore(folder);
      const { pointers, versions } = await after.lifecycle();
      const { seq, active } = pointers[0]!.pointer;
      expect(seq).toBeGreaterThanOrEqual(reported);
      expect(versions.filter(({ state }) => state.kind === 'active').map(({ version }) => version)).toEqual([
        active,
      ]);
      expect((await after.lifecycleEvents('small', 1))[0]?.at).toBe(String(seq));
      last = seq;
      await after.close();
    }
    store = await openTestStore(folder);
  }, 120_000);
});
