import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../main/composition/index.ts';
import { nodeStartWorker } from '../../main/engine/index.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import type { OpenEngineOptions } from '../../main/composition/index.ts';
import type { StartWorker } from '../../main/engine/index.ts';
import { createRunners } from '../../main/worker/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import { newFolder } from '../temp/folder.ts';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const fixture = (name: string): string => path.join(root, 'test', 'fixtures', name);

/** Everything real: built worker and store thread, the packs of the checkout, a data folder of its own. */
export async function openTestEngine(options: Partial<OpenEngineOptions> = {}): Promise<OpenedEngine> {
  const [worker, store] = await Promise.all([builtEntry('worker'), builtEntry('store')]);
  return openEngine({
    dataFolder: newFolder(),
    modelFolders: [path.join(root, 'models')],
    entries: { worker, store },
    appVersion: '0.1.0',
    offeredProviders: ['cpu'],
    log: () => {},
    // The project `in-process` runs the tests of the protocols a second time, with the models in this very process.
    ...(process.env.OUTPOST_TEST_INFERENCE === 'in-process' && {
      inProcess: { openRunner: createRunners(), onLate: () => {} },
    }),
    ...options,
  });
}

/** Starts the stand-in that goes wrong in this way; `pids` gathers the processes. */
export function startStandIn(how: string, pids: number[] = []): StartWorker {
  return (env) => {
    const child = spawn(process.execPath, [path.join(root, 'test', 'fakes', 'stuck-worker.mjs'), how], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    if (child.pid !== undefined) pids.push(child.pid);
    return {
      pid: child.pid,
      kill: () => void child.kill('SIGKILL'),
      onExit: (listener) =>
        void child.on('exit', (code, signal) => listener(signal ? `signal ${signal}` : `exit code ${code}`)),
    };
  };
}

/** Real workers, counted. */
export async function startCountedWorkers(): Promise<{
  readonly start: StartWorker;
  readonly started: () => number;
}> {
  const start = nodeStartWorker(await builtEntry('worker'));
  let count = 0;
  return {
    start: (env) => {
      count += 1;
      return start(env);
    },
    started: () => count,
  };
}
