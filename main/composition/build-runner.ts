import { ok } from '../../contract/faults/faults.ts';
import { openScratch } from '../lib/scratch.ts';
import type { OpenRunner } from '../packs/build/index.ts';
import type { OpenEngineOptions } from './open-engine.ts';
import { openEngine } from './open-engine.ts';

/** More labels than any model has: the worker gives every one. */
const everyLabel = 1_000_000;

export type BuildRunnerParts = Pick<OpenEngineOptions, 'entries' | 'startWorker' | 'appVersion' | 'log'>;

/** The real engine on one pack folder, with a store of its own that goes when it is closed: one worker, one thread, the processor, so that the answers are the same each time. */
export function openBuildRunner(parts: BuildRunnerParts, signal?: AbortSignal): OpenRunner {
  return async ({ folder, ref, variant }) => {
    const scratch = await openScratch('build');
    try {
      const opened = await openEngine({
        ...parts,
        dataFolder: scratch.path,
        modelFolders: [{ path: folder, trust: 'local' }],
        override: { workers: 1, threads: 1, provider: 'cpu', variant },
        offeredProviders: ['cpu'],
      });
      const { engine } = opened;
      return {
        predict: async (file, asked) => {
          const request = {
            source: { path: file },
            name: file,
            model: ref,
            variant: asked,
            useCache: false,
            top: everyLabel,
          };
          const answer = await engine.predict(request, { signal });
          return answer.ok ? ok(answer.value.result) : answer;
        },
        prepare: (file, steps) => engine.prepare(file, steps, { signal }),
        run: async (tensors, asked) => {
          const answer = await engine.runTensors({ model: ref, variant: asked, tensors }, { signal });
          return answer.ok ? ok(answer.value.tensors) : answer;
        },
        golden: () => engine.models.golden(ref),
        close: async () => {
          await opened.close(signal?.aborted ? { graceMs: 0 } : {});
          await scratch.close();
        },
      };
    } catch (error) {
      await scratch.close();
      throw error;
    }
  };
}
