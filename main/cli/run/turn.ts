import { isRunLive } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import type { Terminal } from '../terminal.ts';

type Turn = { readonly before: RunState; readonly now: RunState };

const slowed = {
  heat: 'The computer is hot: at half speed until it has cooled down.',
  battery: 'The battery is low: at half speed until the computer is plugged in.',
} as const;

/** Reports that a run was slowed down, waits, or goes on as before, and why; `clear` removes the line that is drawn meanwhile. */
export function reportTurn(
  terminal: Pick<Terminal, 'note' | 'complain'>,
  { before, now }: Turn,
  clear: () => void = () => undefined,
): void {
  if (now.kind === 'paused' && before.kind !== 'paused' && now.fault) {
    clear();
    terminal.complain(now.fault);
    return;
  }
  const text = turnText({ before, now });
  if (text === null) return;
  clear();
  terminal.note(text);
}

function turnText({ before, now }: Turn): string | null {
  if (now.kind === 'paused')
    return now.by === 'battery' && before.kind !== 'paused'
      ? 'The battery is nearly empty: waits until the computer is plugged in.'
      : null;
  if (!isRunLive(now)) return null;
  if (now.slowedBy !== before.slowedBy && now.slowedBy !== null) return slowed[now.slowedBy];
  if (before.kind === 'paused') return before.by === 'drive' ? `${now.title} is back.` : 'Goes on.';
  return now.slowedBy === before.slowedBy ? null : 'At full speed again.';
}
