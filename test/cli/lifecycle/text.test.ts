import { describe, expect, it } from 'vitest';
import type { TrialReport } from '../../../contract/lifecycle/trial.ts';
import { trialText } from '../../../main/cli/lifecycle/text.ts';

const none = { items: 0, right: 0, better: 0, worse: 0, wrong: 0, agree: 0, differ: 0 };
function report(sums: Partial<TrialReport['sums']>, basis: TrialReport['basis'] = 'own'): TrialReport {
  const side = { golden: null, medianMs: null, memoryBytes: null };
  return {
    id: 't1',
    model: 'efficientnet-lite0',
    from: '1.0.0',
    to: '1.1.0',
    basis,
    at: '2026-11-20T09:00:00.000Z',
    sums: { ...none, ...sums },
    rows: [],
    labelsWithout: 0,
    missing: 0,
    sides: { from: side, to: side },
  };
}

describe('a trial on the terminal', () => {
  it('counts confirmed items apart, and says how much they can say', () => {
    const two = report({ items: 200, right: 1, wrong: 1, agree: 180, differ: 18 });
    expect(trialText(two)).toBe(
      '  Trial of 1.1.0 against 1.0.0: 2 confirmed: better on 0, worse on 0, right in both 1, wrong in both 1 ' +
        '(too few to say which version is right more often); 198 recent, not confirmed: another label on 18, the same on 180',
    );
    expect(trialText(report({ items: 40, right: 34, better: 6 }))).toContain('hardly chance');
    expect(trialText(report({ items: 40, right: 35, better: 4, worse: 1 }))).toContain('may be chance');
  });

  it('says so where no label was confirmed, or there was nothing', () => {
    const given = trialText(report({ items: 3, agree: 2, differ: 1 }, 'files'));
    expect(given).toContain(
      '3 given, not confirmed: another label on 1, the same on 2 (no label was confirmed',
    );
    expect(trialText({ ...report({}), missing: 4 })).toBe(
      '  Trial of 1.1.0 against 1.0.0: no item; 4 gone, changed or unreadable',
    );
  });
});
