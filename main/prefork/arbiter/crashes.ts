import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { Reason } from '../../../contract/faults/reasons.ts';
import type { Guarded } from '../messages.ts';

type CrashesParts = {
  /** Sends the new state to every worker. */
  readonly publish: (guarded: Guarded) => void;
  /** The quarantine of a model is over. */
  readonly onRested: (ref: string) => void;
  readonly log: (level: 'error', text: string) => void;
  readonly times?: Partial<typeof usualTimes>;
};
/** What a worker was running when it ended, from the journal; `input` is null for a load. */
export type Running = { readonly model: string; readonly input: string | null };

const usualTimes = {
  /** How long workers journal each run after a crash. */
  watchMs: 600_000,
  /** The same after an end whose cause is not known yet. */
  suspectMs: 5_000,
  /** First and longest quarantine of a model; each one doubles. */
  restMs: 5_000,
  mostRestMs: 300_000,
};
/** An input is refused after this many crashes. */
const crashesOfInput = 2;
/** A model is quarantined after this many crashes without a successful run between them, as in the pool of worker processes. */
const crashesOfModel = 3;

/**
 * Attributes crashes of workers to inputs and models, from the journal. An input that crashed a second worker is refused; a
 * model that keeps crashing workers is quarantined, and tried again with exponential back-off.
 */
export function createCrashes({ publish, onRested, log, times }: CrashesParts) {
  const { watchMs, suspectMs, restMs, mostRestMs } = { ...usualTimes, ...times };
  const inputs = new Map<string, number>();
  const doubts = new Map<string, number>();
  const rests = new Map<string, number>();
  const refused = new Map<string, Reason>();
  const setAside = new Map<string, Fault>();
  const resting = new Map<string, NodeJS.Timeout>();
  let watching: NodeJS.Timeout | null = null;
  let watchedUntilMs = 0;

  const guarded = (): Guarded => ({
    isWatching: watching !== null,
    refused: [...refused],
    setAside: [...setAside],
  });
  const watch = (ms: number): void => {
    const untilMs = performance.now() + ms;
    if (watching && untilMs <= watchedUntilMs) return;
    watchedUntilMs = untilMs;
    if (watching) clearTimeout(watching);
    watching = setTimeout(() => {
      watching = null;
      inputs.clear();
      refused.clear();
      publish(guarded());
    }, ms).unref();
  };
  const rest = (model: string, why: Fault): void => {
    const turns = rests.get(model) ?? 0;
    rests.set(model, turns + 1);
    setAside.set(model, why);
    log('error', `${model} is set aside: ${why.message}`);
    const clock = setTimeout(
      () => {
        forgive(model);
        publish(guarded());
        onRested(model);
      },
      Math.min(mostRestMs, restMs * 2 ** turns),
    ).unref();
    resting.set(model, clock);
  };
  /** Ends the quarantine, to be published; false if there was none. */
  const forgive = (model: string): boolean => {
    clearTimeout(resting.get(model));
    resting.delete(model);
    return setAside.delete(model);
  };
  return {
    guarded,
    /** A load by name ends the quarantine at once. */
    forgive: (model: string): void => {
      if (forgive(model)) publish(guarded());
    },
    /** Ends all quarantines and returns their models. */
    forgiveAll: (): readonly string[] => {
      const models = [...setAside.keys()];
      for (const model of models) forgive(model);
      if (models.length > 0) publish(guarded());
      return models;
    },
    /** A worker ended, cause unknown: starts journaling now, because clients may already be retrying the input that crashed it. */
    suspect: (): void => {
      watch(suspectMs);
      publish(guarded());
    },
    /** A worker crashed. */
    crashed: (running: Running | null, reason: Reason): void => {
      watch(watchMs);
      if (running && !setAside.has(running.model)) {
        const { model, input } = running;
        const crashes = (doubts.get(doubtOf(running)) ?? 0) + 1;
        doubts.set(doubtOf(running), crashes);
        if (input !== null) {
          inputs.set(input, (inputs.get(input) ?? 0) + 1);
          if (inputs.get(input)! >= crashesOfInput) refused.set(input, reason);
        }
        if (crashes >= crashesOfModel) rest(model, fault('model-quarantined', { model, crashes, reason }));
      }
      publish(guarded());
    },
    /** A journaled load or run succeeded. */
    survived: (running: Running): void => {
      doubts.delete(doubtOf(running));
      if (running.input === null) return;
      inputs.delete(running.input);
      rests.delete(running.model);
    },
    close: (): void => {
      if (watching) clearTimeout(watching);
      for (const clock of resting.values()) clearTimeout(clock);
    },
  };
}
/** Loads and runs are counted apart: a model that crashes in each run still loads without fault. */
const doubtOf = ({ model, input }: Running): string => `${input === null ? 'load' : 'run'} ${model}`;
