import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failed, fault, faultTable, ok } from '../../contract/faults/faults.ts';
import type { Fault, FaultCode, Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { CanaryReport } from '../../contract/lifecycle/lifecycle.ts';
import { breach, budgetOf, createCanary, isOfModel } from '../../main/lifecycle/canary.ts';

const model = 'efficientnet-lite0';
const version = '1.1.0';
const begin = (given: Partial<CanaryReport> = {}): CanaryReport => ({
  model,
  version,
  share: 1,
  answered: 0,
  faults: 0,
  of: 50,
  medianMs: null,
  budgetMs: null,
  ...given,
});

/** A canary, and everything that it said. */
function watching(given: Partial<CanaryReport> = {}) {
  const saved: CanaryReport[] = [];
  const breaches: { model: string; version: string; why: Fault }[] = [];
  const proved: string[] = [];
  const canary = createCanary({
    save: (report) => saved.push(report),
    onBreach: (...[of, which, why]) => breaches.push({ model: of, version: which, why }),
    onProved: (of, which) => proved.push(`${of}@${which}`),
  });
  canary.watch(begin(given));
  const see = (outcome: Outcome<unknown>, ms = 10): void => canary.observe({ model, version, outcome, ms });
  const seeMany = (times: number, outcome: Outcome<unknown> = ok(null), ms = 10): void => {
    for (let time = 0; time < times; time += 1) see(outcome, ms);
  };
  return { canary, saved, breaches, proved, see, seeMany };
}
const crash = failed('worker-crashed', { reason: reason('ended-by-signal', { signal: 'SIGSEGV' }) });
const slow = failed('worker-timeout', { ms: 300_000 });

describe('a share of the answers', () => {
  it('is spread evenly, and the same each time', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 600 }),
      (percent, count) => {
        const share = percent / 100;
        const route = (): readonly boolean[] => {
          const { canary } = watching({ share });
          return Array.from({ length: count }, () => canary.route(model) === version);
        };
        const routed = route();
        let given = 0;
        for (const [index, isGiven] of routed.entries()) {
          given += Number(isGiven);
          // Never further than one request from what is due, at any moment.
          expect(Math.abs(given - share * (index + 1))).toBeLessThanOrEqual(1 + 1e-6);
        }
        expect(route()).toEqual(routed);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('of one in four is every fourth request', () => {
    const { canary } = watching({ share: 0.25 });
    const routed = Array.from({ length: 12 }, () => canary.route(model));
    expect(routed.flatMap((to, index) => (to === version ? [index + 1] : []))).toEqual([4, 8, 12]);
  });

  it('needs no route for a version that answers everything, for another model, or after its end', () => {
    const whole = watching({ share: 1 });
    expect([whole.canary.route(model), whole.canary.route('tensor-demo')]).toEqual([null, null]);
    const half = watching({ share: 0.99 });
    expect([half.canary.route(model), half.canary.route(model)]).toEqual([null, version]);
    half.canary.unwatch(model);
    expect([half.canary.route(model), half.canary.report(model)]).toEqual([null, null]);
  });
});

describe('what a watched version must not do', () => {
  it.each(['worker-crashed', 'model-quarantined', 'model-not-loaded'] as const)('%s once', (code) => {
    const { canary, breaches, see, seeMany } = watching();
    seeMany(20);
    see(
      failed(code, {
        reason: reason('ended-by-signal', { signal: 'SIGSEGV' }),
        model: `${model}@${version}`,
      }),
    );
    expect(breaches).toMatchObject([{ model, version, why: { code: 'canary-crashed' } }]);
    expect(breaches[0]?.why.params).toEqual({ model: `${model}@${version}`, reason: 'signal SIGSEGV' });
    expect(canary.report(model)).toBeNull();
    // It is said once: whatever was under way ends as it may.
    see(crash);
    expect(breaches).toHaveLength(1);
  });

  it('give two faults that are more than one answer in twenty', () => {
    const early = watching();
    early.see(slow);
    expect(early.breaches).toEqual([]);
    early.see(slow);
    expect(early.breaches[0]?.why).toMatchObject({
      code: 'canary-faults',
      params: { faults: 2, answered: 2 },
    });
    const late = watching({ of: 1000 });
    late.seeMany(38);
    late.seeMany(2, slow);
    // Two of forty are one in twenty; two of forty, and one more at once, are not.
    expect(late.breaches).toEqual([]);
    late.see(slow);
    expect(late.breaches[0]?.why).toMatchObject({
      code: 'canary-faults',
      params: { faults: 3, answered: 41 },
    });
  });

  it('take longer than its budget, as soon as ten answers tell so', () => {
    const { breaches, seeMany } = watching({ budgetMs: budgetOf(10) });
    seeMany(9, ok(null), 131);
    expect(breaches).toEqual([]);
    seeMany(1, ok(null), 131);
    expect(breaches[0]?.why).toMatchObject({ code: 'canary-slow', params: { ms: 131, budget: 130 } });
    const quick = watching({ budgetMs: budgetOf(10), of: 100 });
    // A photo that takes its time now and then is no slow model.
    for (let time = 0; time < 20; time += 1) {
      quick.seeMany(3, ok(null), 12);
      quick.seeMany(1, ok(null), 4000);
    }
    expect([quick.breaches, quick.canary.report(model)?.medianMs]).toEqual([[], 12]);
  });

  it('is nothing where no budget is known', () => {
    expect([budgetOf(null), budgetOf(0), budgetOf(50)]).toEqual([null, 100, 250]);
    expect(breach(begin({ answered: 40, medianMs: 90_000 }), null, 40)).toBeNull();
    expect(breach(begin({ answered: 40, medianMs: 90, budgetMs: 90 }), null, 40)).toBeNull();
  });

  it('is no fault of an input, a queue or a person', () => {
    const { canary, breaches, see, seeMany } = watching();
    const innocent = (Object.keys(faultTable) as FaultCode[]).filter((code) => !isOfModel(code));
    for (const code of innocent) see({ ok: false, fault: fault(code) });
    expect([canary.report(model), breaches]).toEqual([begin(), []]);
    const named: readonly FaultCode[] = ['image-unreadable', 'file-not-found', 'busy', 'cancelled'];
    for (const code of named) expect([code, innocent.includes(code)]).toEqual([code, true]);
    for (const code of ['worker-timeout', 'model-rejected', 'internal'] as const)
      expect([code, innocent.includes(code)]).toEqual([code, false]);
    seeMany(3);
    expect(canary.report(model)).toMatchObject({ answered: 3, faults: 0, medianMs: 10 });
  });
});

describe('what is counted', () => {
  it('is of the watched version only', () => {
    const { canary } = watching();
    canary.observe({ model, version: '1.0.0', outcome: crash, ms: 1 });
    canary.observe({ model: 'tensor-demo', version, outcome: crash, ms: 1 });
    expect(canary.report(model)).toEqual(begin());
  });

  it('proves it after so many answers', () => {
    const { canary, proved, breaches, see, seeMany } = watching({ of: 30 });
    seeMany(28);
    see(slow);
    expect(proved).toEqual([]);
    see(ok(null));
    expect([proved, breaches, canary.report(model)]).toEqual([[`${model}@${version}`], [], null]);
    seeMany(5);
    expect(proved).toHaveLength(1);
  });

  it('is put down every tenth time and at the end, and goes on from there', () => {
    const { canary, saved, seeMany } = watching();
    seeMany(25);
    expect(saved.map(({ answered }) => answered)).toEqual([10, 20]);
    canary.close();
    expect(saved.map(({ answered }) => answered)).toEqual([10, 20, 25]);
    const next = watching(saved.at(-1));
    next.seeMany(24);
    expect(next.proved).toEqual([]);
    next.seeMany(1);
    expect(next.proved).toHaveLength(1);
    const even = watching();
    even.seeMany(10);
    even.canary.close();
    expect(even.saved).toHaveLength(1);
  });
});
