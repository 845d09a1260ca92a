import type { ChildProcess } from 'node:child_process';
import { forkFrugal } from '../../lib/fork-frugal.ts';
import { refuse } from '../report.ts';
import type { Session } from '../session.ts';
import { inferenceOf, inProcessLack } from './inference.ts';
import { bindOf } from './bind.ts';
import type { ServeConfig } from './config.ts';
import { readServeConfig } from './read-config.ts';
import type { GivenOptions } from './read-config.ts';

/**
 * `outpost serve`: 0 when it was told to end, 1 when it could not start. This file imports little, so that the first HTTP worker reads
 * its modules while this process reads its own, the store and the catalogue.
 */
export async function startServe(session: Session, options: GivenOptions): Promise<number> {
  const begunMs = performance.now();
  const config = await readServeConfig(options);
  if (!config.ok) return refuse(session, config.fault);
  const early = forkEarly(session.places.httpWorker, config.value);
  try {
    const { serve } = await import('./serve.ts');
    return await serve(session, { options, config: config.value, early, begunMs });
  } finally {
    // Whoever took it has ended it; not so where the start was refused.
    early?.kill('SIGKILL');
  }
}

function forkEarly(httpWorker: string, config: ServeConfig): ChildProcess | null {
  if (inferenceOf(config) !== 'in-process' || inProcessLack(bindOf(config.bind)) !== null) return null;
  const child = forkFrugal(httpWorker);
  // It is forked once more then, by who needs it.
  child.on('error', () => undefined);
  return child;
}
