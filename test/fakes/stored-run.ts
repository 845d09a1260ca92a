import type { StoredRun } from '../../main/store/index.ts';

/** A run as the store has it that has answered nothing yet. */
export const storedRun: StoredRun = {
  id: 'r1',
  title: '',
  model: 'm',
  version: '1.0.0',
  startedAt: '2026-11-29T10:00:00Z',
  request: null,
  phase: { kind: 'running' },
  owner: 'here',
  endedAt: null,
  items: 0,
  faults: 0,
  fromCache: 0,
  cursor: null,
  retrySeq: null,
  found: 0,
  scanned: false,
  leftOut: { other: 0, hidden: 0, system: 0 },
  elapsedMs: 0,
};
