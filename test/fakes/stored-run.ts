import { newRun } from '../../main/engine/runs/new-run.ts';
import type { StoredRun } from '../../main/store/index.ts';

/** A run as the store has it that is under way and has answered nothing yet. */
export const storedRun: StoredRun = {
  ...newRun({
    id: 'r1',
    title: '',
    model: 'm',
    version: '1.0.0',
    startedAt: '2026-11-29T10:00:00Z',
    request: null,
  }),
  phase: { kind: 'running' },
};
