import { describe, expect, it } from 'vitest';
import type { TrialReport, TrialRow } from '../../../contract/lifecycle/trial.ts';
import { isModelFile } from '../../../renderer/actions/model-file.ts';
import { partsOf, reach } from '../../../renderer/state/trial-look.ts';

const none = { right: 0, better: 0, worse: 0, wrong: 0, agree: 0, differ: 0 };
function row(counts: Partial<typeof none>): TrialRow {
  const all = { ...none, ...counts };
  const items = Object.values(all).reduce((sum, count) => sum + count, 0);
  return { labelId: 'lynx', label: 'lynx', items, ...all };
}
function report(rows: readonly TrialRow[]): TrialReport {
  const sum = (name: keyof typeof none | 'items'): number => rows.reduce((all, one) => all + one[name], 0);
  const side = { golden: null, medianMs: null, memoryBytes: null };
  return {
    id: 't1',
    model: 'efficientnet-lite0',
    from: '1.0.0',
    to: '1.1.0',
    basis: 'own',
    at: '2026-11-20T09:00:00.000Z',
    sums: {
      items: sum('items'),
      right: sum('right'),
      better: sum('better'),
      worse: sum('worse'),
      wrong: sum('wrong'),
      agree: sum('agree'),
      differ: sum('differ'),
    },
    rows: [...rows],
    labelsWithout: 0,
    missing: 0,
    sides: { from: side, to: side },
  };
}

describe('a trial on the screen', () => {
  it('counts confirmed photos apart from the others, also of one label', () => {
    const [confirmed, others] = [row({ right: 1, wrong: 1 }), row({ agree: 180, differ: 18 })];
    expect(partsOf(report([confirmed, others]))).toMatchObject([
      { kind: 'confirmed', items: 2, rows: [confirmed] },
      { kind: 'others', items: 198, rows: [others] },
    ]);
    expect(partsOf(report([others])).map(({ kind }) => kind)).toEqual(['others']);
    expect(partsOf(report([]))).toEqual([]);
  });

  it('rules its bars to a round number that holds the longest', () => {
    expect(reach([])).toBe(1);
    expect(reach([row({ worse: 3, better: 1 }), row({ better: 6 })])).toBe(6);
    expect(reach([row({ better: 7 })])).toBe(10);
    expect(reach([row({ worse: 41 })])).toBe(60);
    expect(reach([row({ differ: 999 })])).toBe(1000);
  });
});

describe('what is dropped', () => {
  it('is a model by the ending of its name, however it is written', () => {
    for (const name of ['a.outpack', 'Field 7.OUTPOST', 'b.onnx']) expect(isModelFile(name)).toBe(true);
    for (const name of ['a.jpg', 'outpack', 'a.onnx.jpg']) expect(isModelFile(name)).toBe(false);
  });
});
