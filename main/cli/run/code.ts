import { fault } from '../../../contract/faults/faults.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import type { Session } from '../session.ts';

/** The exit code of a command that stayed until a run ended: 0 all answered, 1 it failed or had nothing to do, 2 faults, 130 halted. */
export function codeOf({ terminal }: Session, ended: RunState): number {
  switch (ended.kind) {
    case 'done':
      if (ended.counts.found === 0) {
        terminal.complain(fault('nothing-to-do', { file: ended.title }));
        return 1;
      }
      return ended.counts.faults > 0 ? 2 : 0;
    case 'failed':
      terminal.complain(ended.fault);
      return 1;
    default:
      return 130;
  }
}
