import { describe, expect, it } from 'vitest';
import type { TrialReport, TrialRow } from '../../contract/trial.ts';
import { isModelFile } from '../../renderer/parts/model-file.ts';
import { isJudged, reach, verdictsOf } from '../../renderer/state/trial-look.ts';

const row = (worse: number, better: number, differ = 0): TrialRow => ({
  labelId: 'lynx',
  label: 'lynx',
  items: 40,
  agree: 40 - worse - better - differ,
  worse,
  better,
  differ,
});
function report(basis: TrialReport['basis'], rows: readonly TrialRow[]): TrialReport {
  const sum = (name: 'items' | 'agree' | 'better' | 'worse' | 'differ'): number =>
    rows.reduce((all, one) => all + one[name], 0);
  const side = { golden: null, medianMs: null, memoryBytes: null };
  return {
    id: 't1',
    model: 'efficientnet-lite0',
    from: '1.0.0',
    to: '1.1.0',
    basis,
    at: '2026-11-20T09:00:00.000Z',
    sums: {
      items: sum('items'),
      agree: sum('agree'),
      better: sum('better'),
      worse: sum('worse'),
      differ: sum('differ'),
    },
    rows: [...rows],
    labelsWithout: 0,
    missing: 0,
    sides: { from: side, to: side },
  };
}

describe('a trial on the screen', () => {
  it('speaks of better and worse only where a person has confirmed labels', () => {
    expect(verdictsOf(report('confirmed', [row(1, 3)]))).toEqual(['agree', 'worse', 'better']);
    expect(verdictsOf(report('recent', [row(0, 0, 4)]))).toEqual(['agree', 'differ']);
    expect(isJudged(report('recent', [row(0, 0, 4)]))).toBe(false);
    expect(verdictsOf(report('files', [row(1, 0, 2)]))).toEqual(['agree', 'worse', 'better', 'differ']);
  });

  it('rules its bars to a round number that holds the longest', () => {
    expect(reach([])).toBe(1);
    expect(reach([row(3, 1), row(0, 6)])).toBe(6);
    expect(reach([row(0, 7)])).toBe(10);
    expect(reach([row(41, 0)])).toBe(60);
    expect(reach([row(0, 0, 999)])).toBe(1000);
  });
});

describe('what is dropped', () => {
  it('is a model by the ending of its name, however it is written', () => {
    for (const name of ['a.outpack', 'Field 7.OUTPOST', 'b.onnx']) expect(isModelFile(name)).toBe(true);
    for (const name of ['a.jpg', 'outpack', 'a.onnx.jpg']) expect(isModelFile(name)).toBe(false);
  });
});
