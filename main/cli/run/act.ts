import { createInterface } from 'node:readline/promises';
import { fault } from '../../../contract/faults/faults.ts';
import type { AsJson } from '../command.ts';
import { withOpened } from '../open.ts';
import { printable } from '../paint.ts';
import { printJson, refuse } from '../report.ts';
import type { Session } from '../session.ts';
import type { RemoveOptions } from './options.ts';
import { runRecord, runText } from './text.ts';

type Act = AsJson & { readonly act: 'pause' | 'stop' };

/** `outpost run pause` and `stop`, of a run of any process on this data folder. */
export function actOnRun(session: Session, { json, act }: Act, id: string): Promise<number> {
  return withOpened(session, async ({ engine }) => {
    const after = await engine.runs[act](id);
    if (!after.ok) return refuse(session, after.fault);
    if (json) await printJson(session, runRecord(after.value));
    else await session.terminal.print(`${runText(after.value)}\n`);
    return 0;
  });
}

/** `outpost run remove`. */
export function removeRun(session: Session, { json, yes }: RemoveOptions, id: string): Promise<number> {
  return withOpened(session, async ({ engine }) => {
    const { terminal } = session;
    const found = await engine.runs.get(id);
    if (!found.ok) return refuse(session, found.fault);
    if (!yes && !terminal.isErrorTerminal)
      return refuse(
        session,
        fault('usage', {
          reason: 'A run is removed for good: say so with --yes where nobody can be asked.',
          command: 'run remove',
        }),
      );
    if (!yes && !(await isConfirmed(`Remove run ${id}, “${printable(found.value.title)}”, for good? (y/N) `)))
      return 130;
    const removed = await engine.runs.remove(id);
    if (!removed.ok) return refuse(session, removed.fault);
    if (json) await printJson(session, { removed: id });
    else terminal.note(`Removed ${id}. Its answers stay in the store.`);
    return 0;
  });
}

async function isConfirmed(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(?:y|yes)$/iu.test((await reader.question(question)).trim());
  } catch {
    return false;
  } finally {
    reader.close();
  }
}
