import type { MachineRow } from '../store/index.ts';
import type { MachineStatus } from './types.ts';

type MachineNotes = {
  /** While nothing is at work one look a minute is noted, and none when there are no workers either. */
  note(status: MachineStatus, when: { readonly minute: number; readonly isAtWork: boolean }): void;
  /** What is new since the last time. */
  take(): readonly MachineRow[];
};

export function machineNotes(): MachineNotes {
  let rows = new Map<number, MachineRow>();
  let restartsBefore = 0;
  let idleMinute = 0;
  return {
    note({ workers, restarts, queued, memoryBytes }, { minute, isAtWork }) {
      const more = Math.max(0, restarts - restartsBefore);
      if (!isAtWork && queued === 0 && more === 0) {
        if (workers === 0 || idleMinute === minute) return;
        idleMinute = minute;
      }
      restartsBefore = restarts;
      const there = rows.get(minute);
      rows.set(minute, {
        at: minute,
        queuedMax: Math.max(there?.queuedMax ?? 0, queued),
        workers: Math.max(there?.workers ?? 0, workers),
        restarts: (there?.restarts ?? 0) + more,
        memoryBytes: Math.max(there?.memoryBytes ?? 0, memoryBytes),
      });
    },
    take() {
      const taken = [...rows.values()];
      rows = new Map();
      return taken;
    },
  };
}
