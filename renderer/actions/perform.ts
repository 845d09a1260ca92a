import type { CallInput, CallOutput } from '../../contract/calls/calls.ts';
import { ask } from '../bridge.ts';
import type { WindowCall } from '../bridge.ts';
import { clearAnnouncement, message, notice } from '../state/notices.ts';

/** Asks main; a fault is shown above the view, and null comes back. */
export async function perform<N extends WindowCall>(
  name: N,
  input: CallInput<N>,
): Promise<CallOutput<N> | null> {
  clearAnnouncement();
  const outcome = await ask(name, input);
  if (outcome.ok) return outcome.value;
  message.set(null);
  notice.set(outcome.fault);
  return null;
}
