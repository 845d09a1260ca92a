import type { Settings } from '../../../contract/settings.ts';
import type { ShapeReport } from '../../../contract/serving/status.ts';
import type { Store } from '../../store/index.ts';
import type { Priority } from './job.ts';
import type { Plan } from '../plan.ts';
import type { Shape } from './pools.ts';
import { sampleWork, startTrial } from '../golden/index.ts';
import type { Work } from '../workers/index.ts';
import type { TrialParts } from '../golden/index.ts';

type ShapesParts = TrialParts & { readonly store: Store };
const measureMs = 1_200;

/** Chooses workers × threads per worker: all cores for a single request; for many, the shape that measured faster. */
export function createShapes(parts: ShapesParts, remembered: readonly ShapeReport[]) {
  const { ports, store } = parts;
  const { cores } = ports;
  const reports = new Map(remembered.map((report) => [report.model, report]));
  const nameOf = ({ pack, variant, provider }: Plan): string => `${pack.ref} ${variant.name} ${provider}`;

  return {
    reports: (): readonly ShapeReport[] => [...reports.values()],
    isKnown: (plan: Plan): boolean => cores < 2 || reports.has(nameOf(plan)),
    shapeFor: (
      plan: Plan,
      priority: Priority,
      { workers, threads }: Pick<Settings, 'workers' | 'threads'>,
    ): Shape => {
      const known = reports.get(nameOf(plan));
      const single: Shape = { workers: 1, threads: cores };
      const many: Shape = plan.provider === 'cpu' ? { workers: cores, threads: 1 } : single;
      const isManyFaster = !known || known.throughput.rate >= known.latency.rate;
      const chosen = priority === 'interactive' || !isManyFaster ? single : many;
      // With only one of the two configured, the other is chosen to fill the cores.
      if (workers !== 'auto')
        return { workers, threads: threads === 'auto' ? Math.max(1, Math.floor(cores / workers)) : threads };
      if (threads !== 'auto')
        return {
          workers: priority === 'interactive' ? 1 : Math.max(1, Math.floor(cores / threads)),
          threads,
        };
      return chosen;
    },
    /** Measures both shapes with the pack's samples; null without samples or when aborted. */
    measure: async (plan: Plan, signal: AbortSignal): Promise<ShapeReport | null> => {
      const work = await sampleWork(parts.library, plan);
      if (!work) return null;
      const latency = await rateOf(parts, plan, { shape: { workers: 1, threads: cores }, work, signal });
      const throughput = await rateOf(parts, plan, { shape: { workers: cores, threads: 1 }, work, signal });
      if (latency === null || throughput === null || signal.aborted) return null;
      const report: ShapeReport = {
        model: nameOf(plan),
        at: new Date().toISOString(),
        latency: { workers: 1, threads: cores, rate: latency },
        throughput: { workers: cores, threads: 1, rate: throughput },
      };
      reports.set(report.model, report);
      store.saveShape(ports.device, report);
      return report;
    },
  };
}

/** The model's configured number of workers; threads as configured, else the cores divided among them. */
export function fixedShape(
  { pack }: Plan,
  { workers, threads }: Pick<Settings, 'workers' | 'threads'>,
  cores: number,
): Shape | null {
  const own = pack.manifest.serving?.workers;
  if (own === undefined) return null;
  const share = (among: number): number => Math.max(1, Math.floor(cores / among));
  // A thread count that equals the default share is not treated as configured.
  const isChosen = threads !== 'auto' && (workers === 'auto' || threads !== share(workers));
  return { workers: own, threads: isChosen ? threads : share(own) };
}

/** Items a second with two in hand per worker, as a batch has them. */
async function rateOf(
  parts: ShapesParts,
  plan: Plan,
  options: { shape: Shape; work: Work; signal: AbortSignal },
): Promise<number | null> {
  const { shape, work, signal } = options;
  const trials = await Promise.all(
    Array.from({ length: shape.workers }, () => startTrial(parts, plan, { threads: shape.threads, signal })),
  );
  try {
    const isSound = (answer: (typeof trials)[number]['loaded']): boolean =>
      answer.kind === 'replied' && answer.reply.kind !== 'failed';
    if (!trials.every(({ loaded }) => isSound(loaded))) return null;
    // Warm-up: the first run is slower.
    await Promise.all(trials.map(({ ask }) => ask(work.question, work.blobs)));
    let done = 0;
    let isBroken = false;
    const begun = performance.now();
    const askRepeatedly = async ({ ask }: (typeof trials)[number]): Promise<void> => {
      while (performance.now() - begun < measureMs && !isBroken && !signal.aborted) {
        if (isSound(await ask(work.question, work.blobs))) done += 1;
        else isBroken = true;
      }
    };
    await Promise.all(trials.flatMap((trial) => [askRepeatedly(trial), askRepeatedly(trial)]));
    return isBroken ? null : (done / (performance.now() - begun)) * 1000;
  } finally {
    for (const { end } of trials) end();
  }
}
