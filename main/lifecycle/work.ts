import type { TrialProgress } from '../../contract/lifecycle/trial.ts';
import type { DownloadProgress } from '../../contract/lifecycle/update.ts';
import type { Stop, VersionName } from './types.ts';

const keyOf = ({ model, version }: VersionName): string => `${model}@${version}`;
/** Shortest interval between two progress notifications. */
const notifyMs = 100;

/** Work in progress in this process, with its progress and how to cancel it. */
export function createWork(onChange: () => void) {
  const stops = new Map<string, AbortController>();
  const ends = new Map<AbortController, Promise<unknown>>();
  const trials = new Map<string, TrialProgress>();
  const downloads = new Map<string, DownloadProgress>();
  let notifiedAt = 0;
  const notify = (): void => {
    const now = performance.now();
    if (now - notifiedAt < notifyMs) return;
    notifiedAt = now;
    onChange();
  };
  return {
    /** Runs the work with a signal that `cancel` or the caller fires. */
    run: async <T>(
      name: VersionName,
      { signal }: Stop,
      work: (signal: AbortSignal) => Promise<T>,
    ): Promise<T> => {
      const stop = new AbortController();
      const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
      stops.set(keyOf(name), stop);
      const end = work(both);
      ends.set(
        stop,
        end.catch(() => undefined),
      );
      try {
        return await end;
      } finally {
        ends.delete(stop);
        if (stops.get(keyOf(name)) === stop) stops.delete(keyOf(name));
        trials.delete(name.model);
        downloads.delete(keyOf(name));
        onChange();
      }
    },
    isRunning: (name: VersionName): boolean => stops.has(keyOf(name)),
    cancel: (name: VersionName): void => stops.get(keyOf(name))?.abort(),
    /** Cancels all work on a model's versions and waits until it has ended. */
    endOf: async (model: string): Promise<void> => {
      const mine = [...stops].filter(([key]) => key.startsWith(`${model}@`)).map(([, stop]) => stop);
      for (const stop of mine) stop.abort();
      await Promise.all(mine.map((stop) => ends.get(stop) ?? Promise.resolve()));
    },
    onProgress: (progress: TrialProgress): void => {
      trials.set(progress.model, progress);
      notify();
    },
    onFetch: (progress: DownloadProgress | null, name: VersionName): void => {
      if (progress) downloads.set(keyOf(name), progress);
      else downloads.delete(keyOf(name));
      notify();
    },
    progress: (model: string): TrialProgress | null => trials.get(model) ?? null,
    close: (): void => {
      for (const stop of stops.values()) stop.abort();
    },
  };
}
