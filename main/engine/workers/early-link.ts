import type { EnginePorts } from '../types.ts';
import { startLink } from './worker-link.ts';
import type { WorkerLink } from './worker-link.ts';

/** A PNG of one pixel. */
const smallest = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export type EarlyLink = {
  /** The worker, once; null when it was taken or has ended. */
  take(): WorkerLink | null;
  /** Ends a worker that was not taken. */
  close(): void;
};

/**
 * A worker that starts before it is known which model it will load. Its process and its picture decoder take most of a second,
 * during which packs and store are opened; a first picture of one pixel starts what the decoder only starts when it decodes.
 */
export function startEarly(ports: Pick<EnginePorts, 'startWorker' | 'socketFolder' | 'log'>): EarlyLink {
  const link = startLink(ports);
  let isFree = true;
  void link.ended.then(() => (isFree = false));
  // The outcome does not matter: a decoder that cannot be loaded is reported with the first photo.
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
