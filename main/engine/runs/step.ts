import { assertNever } from '../../../contract/assert.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { PauseCause, RunPhase } from '../../../contract/runs/run.ts';

/** What can happen to a run; the drawing is in contract/runs/run.ts. */
export type RunEvent =
  | { readonly kind: 'found' | 'resume' | 'retry' | 'stop' | 'settle' | 'finish' | 'lose-owner' }
  | { readonly kind: 'pause'; readonly by: PauseCause; readonly fault: Fault | null }
  | { readonly kind: 'fail'; readonly fault: Fault };

/** The state after an event, or null where the drawing has no such arrow. Pure. */
export function step(state: RunPhase, event: RunEvent): RunPhase | null {
  const from = state.kind;
  const isUnderWay = from === 'scanning' || from === 'running';
  const isHalted = from === 'paused' || from === 'interrupted';
  const when = (isDrawn: boolean, next: RunPhase): RunPhase | null => (isDrawn ? next : null);
  switch (event.kind) {
    case 'found':
      return when(isUnderWay, { kind: 'running' });
    case 'pause':
      return when(isUnderWay, { kind: 'paused', by: event.by, fault: event.fault });
    case 'resume':
      return when(isHalted || from === 'stopped' || from === 'failed', { kind: 'scanning' });
    case 'retry':
      return when(isHalted || from === 'stopped' || from === 'failed' || from === 'done', {
        kind: 'scanning',
      });
    case 'stop':
      return isUnderWay ? { kind: 'stopping' } : when(isHalted, { kind: 'stopped' });
    case 'settle':
      return when(from === 'stopping', { kind: 'stopped' });
    case 'finish':
      return when(isUnderWay, { kind: 'done' });
    case 'fail':
      return when(isUnderWay || from === 'stopping', { kind: 'failed', fault: event.fault });
    case 'lose-owner':
      if (from === 'stopping') return { kind: 'stopped' };
      return when(isUnderWay || (state.kind === 'paused' && state.by !== 'person'), { kind: 'interrupted' });
    default:
      return assertNever(event);
  }
}
