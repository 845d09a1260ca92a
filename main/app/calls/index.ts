import type { Handlers } from '../ipc.ts';
import { accessCalls } from './access.ts';
import { appCalls } from './app.ts';
import { cardCalls } from './cards.ts';
import { departureCalls } from './departure.ts';
import { exportCalls } from './exports.ts';
import { fileCalls } from './files.ts';
import { forwardCalls } from './forwarded.ts';
import { importCalls } from './imports.ts';
import { packCalls } from './pack.ts';
import type { CallParts } from './parts.ts';
import { runCheckCalls } from './run-checks.ts';
import { runCalls } from './runs.ts';
import { similarCalls } from './similar.ts';
import { trialCalls } from './trials.ts';
import { updateCalls } from './updates.ts';

export type { CallParts, Opened } from './parts.ts';

/** What is done when the page asks: rows that only pass on, and those that need the window, its files or its dialogs. */
export function createHandlers(parts: CallParts): Handlers {
  return {
    ...forwardCalls(parts.opened),
    ...accessCalls(parts),
    ...appCalls(parts),
    ...cardCalls(parts),
    ...departureCalls(parts),
    ...exportCalls(parts),
    ...fileCalls(parts),
    ...importCalls(parts),
    ...packCalls(parts),
    ...runCalls(parts),
    ...runCheckCalls(parts),
    ...similarCalls(parts),
    ...trialCalls(parts),
    ...updateCalls(parts),
  };
}
