import { resolve } from 'node:path';
import type { DepartureRow } from '../../contract/lifecycle/departure.ts';
import { writeOutput } from '../lib/output-file.ts';
import { outputFault } from './destination.ts';
import { printable } from './paint.ts';
import type { Session } from './session.ts';
import { printJson, refuse } from './report.ts';
import { withOpened } from './open.ts';

const marks: Readonly<Record<DepartureRow['state'], string>> = {
  ok: 'ok  ',
  look: 'look',
  stop: 'STOP',
  unknown: '?   ',
};

/** Exit code 2 when something has to be done before leaving. */
export function depart(
  session: Session,
  { json, out }: { readonly json?: boolean; readonly out?: string },
): Promise<number> {
  return withOpened(session, async ({ departure }) => {
    const report = await departure.check();
    if (json) await printJson(session, report);
    else {
      const lines = report.rows.map(
        ({ state, text, todo }) =>
          `${marks[state]}  ${printable(text)}${todo ? `\n      ${printable(todo)}` : ''}`,
      );
      const stops = report.rows.filter(({ state }) => state === 'stop').length;
      const verdict = report.isReady
        ? 'Ready to leave.'
        : `${stops} ${stops === 1 ? 'thing' : 'things'} to do first.`;
      await session.terminal.print(`${[...lines, '', verdict].join('\n')}\n`);
    }
    if (out !== undefined) {
      const file = resolve(out);
      try {
        await writeOutput(file, departure.reportPage(report));
      } catch (error) {
        return refuse(session, outputFault(file, 'depart', error));
      }
    }
    return report.isReady ? 0 : 2;
  });
}
