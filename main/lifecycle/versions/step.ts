import { assertNever } from '../../../contract/assert.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { VersionState } from '../../../contract/lifecycle/lifecycle.ts';

/** Events of a version; state diagram in contract/lifecycle/lifecycle.ts. */
export type Move =
  | { readonly kind: 'fetch' | 'fetched' | 'verified' | 'place' | 'cancel' }
  | { readonly kind: 'try'; readonly phase: 'golden' | 'shadow' | 'waiting' | 'canary' }
  | { readonly kind: 'keep' | 'activate' | 'retire' | 'replace' | 'sweep' | 'remove' | 'offer' }
  | { readonly kind: 'fail'; readonly fault: Fault };

/** The state after an event, or null where the diagram has no such arrow. Pure. */
export function step(state: VersionState, move: Move): VersionState | null {
  const from = state.kind;
  const when = (isDrawn: boolean, next: VersionState): VersionState | null => (isDrawn ? next : null);
  switch (move.kind) {
    case 'offer':
      return when(from === 'swept' || from === 'failed' || from === 'offered', { kind: 'offered' });
    case 'fetch':
      return when(from === 'offered', { kind: 'downloading' });
    case 'cancel':
      return when(from === 'downloading' || from === 'downloaded' || from === 'verified', {
        kind: 'offered',
      });
    case 'fetched':
      return when(from === 'downloading', { kind: 'downloaded' });
    case 'verified':
      return when(from === 'downloaded', { kind: 'verified' });
    case 'place':
      return when(from === 'verified', { kind: 'installed' });
    case 'try':
      return when(from === 'installed' || from === 'on-trial' || from === 'previous', {
        kind: 'on-trial',
        phase: move.phase,
      });
    case 'keep':
      return when(from === 'on-trial', { kind: 'installed' });
    case 'activate':
      return when(from === 'installed' || from === 'on-trial' || from === 'previous' || from === 'active', {
        kind: 'active',
      });
    case 'retire':
      return when(from === 'active' || from === 'previous', { kind: 'previous' });
    case 'replace':
      return when(from === 'active' || from === 'previous', { kind: 'installed' });
    case 'sweep':
      return when(from === 'installed' || from === 'previous' || from === 'failed', { kind: 'swept' });
    case 'remove':
      return when(from !== 'swept' && from !== 'offered', { kind: 'swept' });
    case 'fail':
      return when(from !== 'swept' && from !== 'failed', { kind: 'failed', from, fault: move.fault });
    default:
      return assertNever(move);
  }
}

/** Whether the version is installed and complete. */
export const isHere = ({ kind }: VersionState): boolean =>
  kind === 'installed' || kind === 'on-trial' || kind === 'active' || kind === 'previous';
