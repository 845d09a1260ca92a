import type { AsJson } from '../command.ts';
import { withOpened } from '../open.ts';
import { columns, printable } from '../paint.ts';
import { printJson, refuse } from '../report.ts';
import type { Session } from '../session.ts';
import { summaryRecord, summaryText } from './summary.ts';
import { runRecord, runText } from './text.ts';

/** `outpost run list`. */
export function listRuns(session: Session, { json }: AsJson): Promise<number> {
  return withOpened(session, async ({ engine }) => {
    const runs = await engine.runs.list();
    if (json) await printJson(session, runs.map(runRecord));
    else if (runs.length === 0) session.terminal.note('There are no runs.');
    else
      await session.terminal.print(
        `${columns(
          runs.map((run) => [
            run.id,
            printable(run.title),
            `${run.model} ${run.version}`,
            run.startedAt.slice(0, 16).replace('T', ' '),
            runText(run),
          ]),
        )}\n`,
      );
    return 0;
  });
}

/** `outpost run status`: how far it is, what was seen, and why items failed. */
export function showRun(session: Session, { json }: AsJson, id: string): Promise<number> {
  return withOpened(session, async ({ engine }) => {
    const found = await engine.runs.get(id);
    if (!found.ok) return refuse(session, found.fault);
    const summary = await engine.runs.summary(id);
    if (json) await printJson(session, { ...runRecord(found.value), ...summaryRecord(summary) });
    else await session.terminal.print(`${runText(found.value)}\n${summaryText(summary)}`);
    return 0;
  });
}
