import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { inheritedEnv } from './paths.ts';

/** By default glibc keeps freed memory of large bodies and pictures in one arena per thread; these settings return it. */
const frugal = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '134217728',
  MALLOC_MMAP_THRESHOLD_: '134217728',
};

/** V8's usual 16 MiB for each half of the young generation hold what died long ago, and memory outside the heap that hangs on it. */
const youngHalf = '--max-semi-space-size=4';

/** Plain Node on a file, with structured clones over its channel and one more pipe, at descriptor 4. */
export function forkFrugal(file: string): ChildProcess {
  return fork(file, [], {
    env: inheritedEnv({ ORT_DISABLE_TELEMETRY: '1', ...frugal }),
    execArgv: [youngHalf],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    windowsHide: true,
  } as Parameters<typeof fork>[2]);
}
