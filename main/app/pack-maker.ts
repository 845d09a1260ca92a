import { join } from 'node:path';
import type { BuildRunnerParts } from '../composition/index.ts';
import type { PackMaking } from '../composition/pack-making/index.ts';
import { sweepScratch } from '../lib/scratch.ts';
import type { Opened } from './calls/parts.ts';

type PackMakingParts = BuildRunnerParts & {
  readonly opened: () => Promise<Pick<Opened, 'library' | 'lifecycle'>>;
  readonly data: string;
};

const folderIn = (data: string): string => join(data, 'making');

/** Loaded when the first bare model is brought: few people ever do. */
export function createPackMaker({ opened, data, ...runner }: PackMakingParts): () => Promise<PackMaking> {
  let making: Promise<PackMaking> | null = null;
  return () =>
    (making ??= (async () => {
      const [{ createPackMaking }, { library, lifecycle }] = await Promise.all([
        import('../composition/pack-making/index.ts'),
        opened(),
      ]);
      return createPackMaking({ ...runner, folder: folderIn(data), library, lifecycle });
    })());
}

/** What a build left that was killed. */
export const sweepBuilds = (data: string): void => sweepScratch(folderIn(data));
