import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import type { Reason } from '../../../contract/reasons.ts';
import type { Guarded } from '../messages.ts';

export type CrashesParts = {
  /** Tells every worker. */
  readonly publish: (guarded: Guarded) => void;
  /** A model that was set aside may be loaded again. */
  readonly onRested: (ref: string) => void;
  readonly log: (level: 'error', text: string) => void;
  readonly times?: Partial<typeof usualTimes>;
};
/** What a worker was at when it ended; `input` is null for a load. Null where it was not written down. */
export type Running = { readonly model: string; readonly input: string | null };

const usualTimes = {
  /** How long workers write down what they run after a crash. */
  watchMs: 600_000,
  /** The same after an end of which nobody knows yet what it was. */
  suspectMs: 5_000,
  /** First and longest rest of a model that was set aside. */
  restMs: 5_000,
  mostRestMs: 300_000,
};
/** An input that ended so many workers is refused. */
const crashesOfInput = 2;
/** So many crashes of a model, without one run that it lived through between, set it aside: the pool's own number. */
const crashesOfModel = 3;

/**
 * Which inputs and models the workers are spared, by what they were at when they crashed. An input that ended a second worker
 * is refused; a model that goes on ending workers is set aside, and tried again after a rest.
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
  /** What is published next gives it to the workers again; false where it was not set aside. */
  const forgive = (model: string): boolean => {
    clearTimeout(resting.get(model));
    resting.delete(model);
    return setAside.delete(model);
  };
  return {
    guarded,
    /** Somebody asks for it by name: it may be tried at once. */
    forgive: (model: string): void => {
      if (forgive(model)) publish(guarded());
    },
    /** The same for all that is set aside: which models those were. */
    forgiveAll: (): readonly string[] => {
      const models = [...setAside.keys()];
      for (const model of models) forgive(model);
      if (models.length > 0) publish(guarded());
      return models;
    },
    /** A worker has gone. Whoever asks it again meets workers that write down what they run, before it is known why it ended. */
    suspect: (): void => {
      watch(suspectMs);
      publish(guarded());
    },
    /** A worker ended by itself. */
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
    /** A worker lived through it. */
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
/** Whoever crashes with each run is loaded well each time. */
const doubtOf = ({ model, input }: Running): string => `${input === null ? 'load' : 'run'} ${model}`;
export type Crashes = ReturnType<typeof createCrashes>;
