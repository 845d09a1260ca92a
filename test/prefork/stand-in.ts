import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createHttpWorkers } from '../../main/prefork/arbiter/http-workers.ts';
import type { HttpWorkerSetup } from '../../main/prefork/index.ts';
import { newFolder } from '../temp/folder.ts';

/** A process starts in a tenth of a second, or in many where others use the machine. */
export const patience = { timeout: 50_000 };

/** The entry of a process that speaks as an HTTP worker does. */
export function writeStandIn(source: string): string {
  const entry = join(newFolder(), 'worker.cjs');
  writeFileSync(entry, source);
  return entry;
}

/** By `of` a stand-in knows how it is to behave. */
export const setupOf = (of: string, more = {}): HttpWorkerSetup =>
  ({ timeoutMs: 60_000, of, ...more }) as unknown as HttpWorkerSetup;

/** The arbiter's workers until the end of the test, of which every process is a stand-in. */
export function openWorkers({
  entry,
  of = '',
  most,
  maxRequests = 0,
  early,
}: {
  readonly entry: string;
  readonly of?: string;
  readonly most: number;
  readonly maxRequests?: number;
  readonly early?: ChildProcess | undefined;
}) {
  /** How many could be given connections, at each change. */
  const takers: number[] = [];
  const logged: string[] = [];
  /** When each one ended that was not told to, and when others were started in their places. */
  const endedMs: number[] = [];
  const startedMs: number[] = [];
  const known = new WeakSet<object>();
  const workers = createHttpWorkers({
    entry,
    early,
    setup: setupOf(of),
    workers: most,
    minWorkers: most,
    totals: {
      backlog: 64,
      maxWaitMs: 1000,
      requestMemoryBytes: 2 ** 24,
      maxBodyBytes: 2 ** 20,
      maxLoaded: 1,
    },
    maxRequests,
    maxRequestsJitter: 0,
    recycleGrowthBytes: 2000,
    recycleAgainMs: 500,
    events: {
      onEnded: () => void endedMs.push(performance.now()),
      onGathered: () => undefined,
      onAsk: () => Promise.resolve(null),
      onLeft: () => undefined,
      onState: () => undefined,
      log: (_, text) => void logged.push(text),
    },
    onChange: () => {
      takers.push(workers.takers().length);
      note(startedMs);
    },
  });
  const note = (times: number[]): void => {
    for (const worker of workers.all()) {
      if (!known.has(worker)) times.push(performance.now());
      known.add(worker);
    }
  };
  note([]);
  onTestFinished(() => workers.close(0));
  return { workers, takers, logged, endedMs, startedMs };
}
