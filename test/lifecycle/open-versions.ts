import type { Settings } from '../../contract/settings.ts';
import type { OpenedEngine, OpenEngineOptions } from '../../main/composition/index.ts';
import { nodeStartWorker } from '../../main/engine/index.ts';
import type { WorkerProcess } from '../../main/engine/index.ts';
import { openTestEngine } from '../fakes/engine.ts';
import { builtEntry } from '../fixtures/built.ts';

/** Every label of 1.1.0 ends with this, so that an answer tells which version gave it. */
export const mark = ' (1.1.0)';
/** labels.json with the mark behind every name. */
export const marked = (labels: Buffer): Buffer =>
  Buffer.from(
    labels
      .toString('utf8')
      .replaceAll(/("name": ")([^"]*)"/gu, (_all, key: string, label: string) => `${key}${label}${mark}"`),
  );

type Options = Omit<Partial<OpenEngineOptions>, 'override'> & {
  readonly override?: Partial<Settings>;
  /** Gathers the processes, for tests that end them. */
  readonly workers?: WorkerProcess[];
};

/** One worker over the shipped packs; packs without a signature are taken, and no version is watched or compared unless a test says so. */
export async function openVersions(
  dataFolder: string,
  { override, workers, ...options }: Options = {},
): Promise<OpenedEngine> {
  const start = nodeStartWorker(await builtEntry('worker'));
  return openTestEngine({
    dataFolder,
    startWorker: (env) => {
      const started = start(env);
      workers?.push(started);
      return started;
    },
    override: {
      allowUnsigned: true,
      provider: 'cpu',
      workers: 1,
      threads: 1,
      canaryItems: 0,
      trialItems: 0,
      ...override,
    },
    limits: { backoffMs: 20 },
    ...options,
  });
}
