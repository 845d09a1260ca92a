import { describe, expect, it } from 'vitest';
import { signTest, trialParts, trialWeight } from '../../../contract/lifecycle/trial-weight.ts';

const none = { items: 0, right: 0, better: 0, worse: 0, wrong: 0, agree: 0, differ: 0 };

describe('what a trial can say', () => {
  it.each([
    [{ agree: 198 }, 'none'],
    [{}, 'none'],
    // One right in both and one wrong in both: nothing follows, however many others there are.
    [{ right: 1, wrong: 1, agree: 180, differ: 18 }, 'few'],
    [{ better: 5 }, 'few'],
    [{ right: 29 }, 'few'],
    [{ right: 30 }, 'even'],
    [{ better: 6 }, 'clear'],
    [{ worse: 6 }, 'clear'],
    [{ right: 287, better: 17, worse: 8 }, 'chance'],
    [{ right: 287, better: 20, worse: 7 }, 'clear'],
  ] as const)('%o: %s', (sums, weight) => {
    expect(trialWeight({ ...none, ...sums })).toBe(weight);
  });

  it('counts each item in one part', () => {
    expect(trialParts({ ...none, right: 1, better: 2, worse: 3, wrong: 4, agree: 5, differ: 6 })).toEqual({
      confirmed: 10,
      others: 11,
    });
  });

  it('is the exact sign test, of any size', () => {
    expect(signTest(0, 0)).toBe(1);
    expect(signTest(6, 0)).toBeCloseTo(2 / 64, 12);
    expect(signTest(8, 17)).toBeCloseTo(0.107751, 5);
    expect(signTest(3, 3)).toBe(1);
    expect(signTest(60_000, 58_000)).toBeLessThan(1e-6);
    expect(signTest(50_000, 50_000)).toBe(1);
  });
});
