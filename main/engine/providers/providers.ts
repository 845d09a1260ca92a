import { failed, ok, faultReason, whyOf } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { providers as knownProviders } from '../../../contract/ids.ts';
import type { Provider, ProviderChoice } from '../../../contract/ids.ts';
import { detail, reason, reasonText, type Reason } from '../../../contract/faults/reasons.ts';
import type { ProviderReport } from '../../../contract/serving/status.ts';
import type { Store } from '../../store/index.ts';
import { runGolden, sampleWork, asOutcome, startTrial } from '../golden/index.ts';
import type { Plan, Unprovided } from '../plan.ts';
import type { Trial, TrialParts } from '../golden/index.ts';
import { workerEnd } from '../workers/index.ts';

type Verdict = ProviderReport['verdict'];
type ProvidersParts = TrialParts & { readonly store: Store };
const timedRuns = 5;

/** Selects the provider of a model on this device: proved once in an isolated worker, then remembered. */
export function createProviders(parts: ProvidersParts) {
  const { ports, store } = parts;
  const offered = ports.offeredProviders.filter((name): name is Provider =>
    knownProviders.some((known) => known === name),
  );
  let remembered: Promise<ProviderReport[]> | null = null;
  const reports = (): Promise<ProviderReport[]> =>
    (remembered ??= store.providers(ports.device).then((rows) => [...rows]));

  /** `isPassing`: a transient failure (no memory, say), not stored. */
  const record = async (report: ProviderReport, isPassing = false): Promise<void> => {
    const all = await reports();
    const at = all.findIndex(({ provider, model }) => provider === report.provider && model === report.model);
    if (at >= 0) all.splice(at, 1);
    all.push(report);
    if (!isPassing) store.saveProvider(ports.device, report);
  };
  const verdictOf = async (plan: Unprovided, provider: Provider): Promise<Verdict | null> =>
    (await reports()).find((report) => report.provider === provider && isOf(report, plan))?.verdict ?? null;

  const proveAll = async (plan: Plan, signal: AbortSignal): Promise<readonly ProviderReport[]> => {
    const cores = ports.cores;
    const passing = new Set<Provider>();
    const onPassing = (provider: Provider): void => void passing.add(provider);
    const options = { threads: cores, signal, cpuMs: null, onPassing };
    const cpu = await tryOne(parts, { ...plan, provider: 'cpu' }, options);
    if (signal.aborted) return [];
    const cpuMs = 'ms' in cpu ? cpu.ms : null;
    const made: ProviderReport[] = [];
    const add = (provider: Provider, verdict: Verdict): void =>
      void made.push(reportOf({ ...plan, provider }, verdict));
    let isTaken = false;
    for (const provider of offered.filter((name) => name !== 'cpu')) {
      const verdict: Verdict = plan.variant.providers.includes(provider)
        ? await tryOne(parts, { ...plan, provider }, { ...options, cpuMs })
        : {
            kind: 'not-offered',
            ...because(reason('variant-not-for-provider', { variant: plan.variant.name })),
          };
      if (signal.aborted) return [];
      add(
        provider,
        verdict.kind === 'chosen' && isTaken
          ? {
              kind: 'slower',
              ...because(reason('another-is-first')),
              ms: verdict.ms,
              cpuMs: cpuMs ?? 0,
            }
          : verdict,
      );
      isTaken ||= verdict.kind === 'chosen';
    }
    add(
      'cpu',
      cpu.kind === 'chosen'
        ? isTaken
          ? { kind: 'floor', ...because(reason('always-there')), ms: cpu.ms }
          : { ...cpu, ...because(reason('right-on-golden')) }
        : cpu,
    );
    for (const report of made) await record(report, passing.has(report.provider));
    return made;
  };

  return {
    reports: async (): Promise<readonly ProviderReport[]> => [...(await reports())],
    isUnproved: async (plan: Plan): Promise<boolean> => {
      const all = await reports();
      const names = offered.filter((name) => name !== 'cpu' && plan.variant.providers.includes(name));
      return names.some((name) => !all.some((report) => report.provider === name && isOf(report, plan)));
    },
    /** Forgets what is remembered of the model and proves every provider again. */
    probe: async (plan: Plan, signal: AbortSignal): Promise<readonly ProviderReport[]> => {
      const all = await reports();
      remembered = Promise.resolve(all.filter(({ model }) => model !== plan.pack.ref));
      await store.forgetProviders(ports.device, plan.pack.ref);
      return proveAll(plan, signal);
    },
    /** A proved provider is excluded: its workers crashed, or the model no longer loads on it. */
    failed: (plan: Plan, why: Fault): Promise<void> =>
      record(reportOf(plan, { kind: failedVerdict(why), ...because(whyOf(why)) }), passes(why)),
    /** Restores the verdict from before the transient failure. */
    recovered: async (plan: Plan): Promise<void> => {
      const isIts = (report: ProviderReport): boolean =>
        report.provider === plan.provider && isOf(report, plan);
      const found = (await store.providers(ports.device)).filter(isIts);
      remembered = Promise.resolve([...(await reports()).filter((each) => !isIts(each)), ...found]);
    },
    /** `auto` never waits for a proof: the CPU is used until there is a verdict. */
    choose: async (plan: Unprovided, choice: ProviderChoice): Promise<Outcome<Provider>> => {
      const { pack, variant } = plan;
      if (choice === 'cpu') return ok('cpu');
      const all = await reports();
      if (choice === 'auto') {
        const proved = all.find(
          (report) =>
            isOf(report, plan) &&
            report.verdict.kind === 'chosen' &&
            offered.includes(report.provider) &&
            variant.providers.includes(report.provider),
        );
        return ok(proved?.provider ?? 'cpu');
      }
      const refuse = (why: Reason): Outcome<never> =>
        failed('provider-unavailable', { provider: choice, model: pack.ref, reason: why });
      if (!offered.includes(choice)) return refuse(reason('provider-not-built-in'));
      if (!variant.providers.includes(choice))
        return refuse(reason('variant-not-for-provider', { variant: variant.name }));
      let verdict = await verdictOf(plan, choice);
      if (!verdict) {
        const exact: Plan = { ...plan, provider: choice, decode: 'exact', thorough: false, settingsText: '' };
        await proveAll(exact, new AbortController().signal);
        verdict = await verdictOf(plan, choice);
      }
      return verdict && 'ms' in verdict
        ? ok(choice)
        : refuse(verdict ? (verdict.why ?? detail(verdict.reason)) : reason('provider-unproved'));
    },
  };
}

export type Providers = ReturnType<typeof createProviders>;

/** A verdict holds for the exact content of the pack. */
const isOf = ({ model, digest }: ProviderReport, { pack, digest: whole }: Unprovided): boolean =>
  model === pack.ref && (digest ?? pack.digest) === whole;

const reportOf = ({ provider, pack, digest }: Plan, verdict: Verdict): ProviderReport => ({
  provider,
  model: pack.ref,
  digest,
  at: new Date().toISOString(),
  verdict,
});

const because = (why: Reason) => ({ reason: reasonText(why), why });
function failedVerdict({ code }: Fault): 'crashed' | 'timed-out' | 'cannot-load' {
  if (code === 'model-quarantined') return 'crashed';
  return code === 'model-load-timeout' ? 'timed-out' : 'cannot-load';
}

/** Correctness first, then speed. */
async function tryOne(
  parts: ProvidersParts,
  plan: Plan,
  options: {
    threads: number;
    signal: AbortSignal;
    cpuMs: number | null;
    /** The load failed for a transient reason. */
    onPassing: (provider: Provider) => void;
  },
): Promise<Verdict> {
  const work = await sampleWork(parts.library, plan);
  if (!work) return { kind: 'not-offered', ...because(reason('no-samples-to-prove')) };
  const trial = await startTrial(parts, plan, options);
  try {
    const bad = badEnd(trial.loaded);
    if (isPassing(trial.loaded)) options.onPassing(plan.provider);
    if (bad) return bad;
    let broken: Verdict | null = null;
    const golden = await runGolden(parts.library, plan, async (question, blobs) => {
      const answer = await trial.ask(question, blobs);
      broken ??= badEnd(answer);
      return asOutcome(answer);
    });
    if (!golden.ok) return broken ?? { kind: 'cannot-load', ...because(faultReason(golden.fault)) };
    const wrong = golden.value.cases.find(({ passed }) => !passed);
    if (wrong)
      return {
        kind: 'wrong',
        ...because(reason('off-by-more', { name: wrong.name, allowed: wrong.allowed })),
        distance: wrong.distance,
      };
    const ms = await medianMs(trial, work);
    const { cpuMs } = options;
    if (cpuMs !== null && ms >= cpuMs)
      return { kind: 'slower', ...because(reason('right-but-slower')), ms, cpuMs };
    return { kind: 'chosen', ...because(reason('right-and-fastest')), ms };
  } finally {
    trial.end();
  }
}

function badEnd(answer: Trial['loaded']): Verdict | null {
  if (answer.kind === 'late') return { kind: 'timed-out', ...because(reason('late-answer')) };
  if (answer.kind === 'lost') return { kind: 'crashed', ...because(workerEnd(answer.reason)) };
  if (answer.reply.kind !== 'failed') return null;
  return { kind: 'cannot-load', ...because(whyOf(answer.reply.fault)) };
}

/** A lack of memory, processes or file handles is no evidence against the provider. */
const isPassing = (answer: Trial['loaded']): boolean =>
  answer.kind === 'replied' && answer.reply.kind === 'failed' && passes(answer.reply.fault);
export const passes = ({ code }: Pick<Fault, 'code'>): boolean => code === 'model-not-loaded';

async function medianMs(
  trial: Trial,
  { question, blobs }: { question: Parameters<Trial['ask']>[0]; blobs: readonly Uint8Array[] },
): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < timedRuns; run += 1) {
    const begun = performance.now();
    await trial.ask(question, blobs);
    times.push(performance.now() - begun);
  }
  return times.sort((one, other) => one - other)[Math.floor(timedRuns / 2)] ?? 0;
}
