import { randomBytes } from 'node:crypto';
import type { ClientName } from '../../../contract/serving/serving.ts';
import type { RunHead, StoredRun } from '../../store/index.ts';
import type { Plan } from '../plan.ts';
import type { RunRequest } from '../types.ts';
import { optionsOf } from './run-options.ts';

/** The head of a run that begins now. */
export function headOf(request: RunRequest, { pack }: Plan, client: ClientName): RunHead {
  const { id: model, version } = pack.manifest;
  return {
    id: newRunId(),
    title: request.title,
    model,
    version,
    startedAt: new Date().toISOString(),
    request: {
      model: pack.ref,
      digest: pack.digest,
      client,
      ...optionsOf(request),
      ...(request.watch !== undefined && { watch: request.watch }),
    },
  };
}

const newRunId = (): string =>
  `r${Date.now().toString(36)}${BigInt(`0x${randomBytes(5).toString('hex')}`).toString(36)}`;

/** A run that has answered nothing yet, as the store has it: also where the disk did not take it, since it is answered all the same. */
export const newRun = (head: RunHead): StoredRun => ({
  ...head,
  phase: { kind: 'scanning' },
  owner: 'here',
  endedAt: null,
  items: 0,
  faults: 0,
  fromCache: 0,
  cursor: null,
  retrySeq: null,
  slowedBy: null,
  found: 0,
  scanned: false,
  leftOut: { other: 0, hidden: 0, system: 0 },
  elapsedMs: 0,
});
