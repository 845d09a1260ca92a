import type { EnginePorts } from '../types.ts';
import { startLink } from './worker-link.ts';
import type { WorkerLink } from './worker-link.ts';

/** A PNG of one pixel. */
const smallest = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export type EarlyLink = {
  /** Hands the worker over, once; null when it was taken before or has exited. */
  take(): WorkerLink | null;
  /** Ends a worker that was not taken. */
  close(): void;
};

/**
 * Starts a worker before it is known which model it will load: process start and picture decoder take most of a second,
 * during which packs and store are opened. Decoding one pixel warms up what libvips initialises lazily.
 */
export function startEarly(ports: Pick<EnginePorts, 'startWorker' | 'socketFolder' | 'log'>): EarlyLink {
  const link = startLink(ports);
  let isFree = true;
  void link.ended.then(() => (isFree = false));
  // Ignore the outcome: a broken decoder is reported with the first photo.
  void link.ask(
    { kind: 'thumbnail', name: 'first picture', source: { kind: 'blob', blob: 0 }, edge: 16 },
    { blobs: [smallest] },
  );
  return {
    take: () => {
      const given = isFree ? link : null;
      isFree = false;
      return given;
    },
    close: () => {
      if (isFree) link.kill('nobody needed it');
    },
  };
}
