import { nodeStartWorker } from '../../engine/index.ts';
import { openBuildRunner } from '../../composition/index.ts';
import type { OpenRunner } from '../../packs/build/index.ts';
import type { Session } from '../session.ts';

/** What runs a pack while it is built on the command line. */
export function openRunnerOf({ places, terminal }: Session, signal?: AbortSignal): OpenRunner {
  return openBuildRunner(
    {
      entries: { worker: places.worker, store: places.store },
      startWorker: (places.startWorker ?? nodeStartWorker)(places.worker),
      appVersion: places.version,
      log: (level, text) => {
        if (terminal.isVerbose) terminal.raw(`${level}: ${text}\n`);
      },
    },
    signal,
  );
}
