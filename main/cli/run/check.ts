import type { RunCheck } from '../../../contract/runs/run-check.ts';
import { fault } from '../../../contract/faults/faults.ts';
import { onAbort } from '../../lib/abort.ts';
import { openInputs } from '../inputs.ts';
import { catchInterrupt } from '../interrupt.ts';
import { refuseModel } from '../models.ts';
import { open } from '../open.ts';
import { lineStart } from '../paint.ts';
import { printJson } from '../report.ts';
import type { Session } from '../session.ts';
import { leftOutText } from '../tally.ts';
import type { StartOptions } from './options.ts';
import { askedOf } from './start.ts';

const drawMs = 200;

/** `outpost run start --check`: 0 all of it can be read, 1 nothing could start, 2 some of it cannot, 130 interrupted. */
export async function checkRun(
  session: Session,
  options: StartOptions,
  inputs: readonly string[],
): Promise<number> {
  const { terminal } = session;
  const interrupt = catchInterrupt();
  const opened = await open(session);
  try {
    const { signal } = interrupt;
    const named = openInputs(inputs, { signal, isNull: options.null === true });
    const look = await opened.engine.runs.check({ ...askedOf(options), inputs: named.paths });
    if (!look.ok) return refuseModel(session, opened, look.fault);
    const stopListening = onAbort(signal, () => look.value.stop());
    const isDrawn = terminal.isErrorTerminal && !terminal.isQuiet;
    const clock = setInterval(() => {
      if (isDrawn) terminal.raw(`${lineStart}${look.value.report().found} found so far`);
    }, drawMs);
    await look.value.settled.finally(() => clearInterval(clock));
    if (isDrawn) terminal.raw(lineStart);
    stopListening();
    if (signal.aborted) return 130;
    const report = look.value.report();
    if (options.json || !terminal.isOutTerminal) await printJson(session, report);
    else await terminal.print(`${checkText(report)}\n`);
    if (report.found === 0) {
      terminal.complain(fault('nothing-to-do', { file: inputs[0] ?? '-' }));
      return 1;
    }
    return report.unreadable > 0 ? 2 : 0;
  } finally {
    await opened.close();
    interrupt.close();
  }
}

/** A line for each thing that a person wants to know before they start. */
export function checkText(report: RunCheck): string {
  const { found, kinds, unreadable, reasons, reused, twice, timing, timeMs, battery, disk } = report;
  const left = leftOutText(report.leftOut);
  const lines = [
    `${found} photos${kinds.length > 0 ? ` (${kinds.map(({ kind, count }) => `${count} ${kind}`).join(', ')})` : ''}`,
    `${reused} answered before${twice > 0 ? `, ${twice} with the same content as another` : ''}`,
    ...(unreadable > 0
      ? [`${unreadable} cannot be read (${reasons.map(({ code, count }) => `${count} ${code}`).join(', ')})`]
      : []),
    ...(left ? [`left out: ${left}`] : []),
    ...(timeMs ? [`time: ${rangeText(timeMs.from, timeMs.to)}`] : []),
    ...(timing ? [`measured on ${timing.sample} of them: ${timing.rate.toFixed(1)}/s`] : []),
    ...(battery
      ? [
          `battery: ${percent(battery.takes.from)} to ${percent(battery.takes.to)} % of it, ${percent(battery.charge)} % left`,
        ]
      : []),
    ...(disk ? [`disk: ${megabytes(disk.neededBytes)} of ${megabytes(disk.freeBytes)} free`] : []),
  ];
  return lines.join('\n');
}

/** The coarser unit of the longer one holds for both. */
function rangeText(fromMs: number, toMs: number): string {
  const [unit, ms] = toMs < 120_000 ? ['s', 1_000] : toMs < 7_200_000 ? ['min', 60_000] : ['h', 3_600_000];
  const [from, to] = [fromMs / ms, toMs / ms].map((value) => value.toFixed(value < 10 && ms > 1_000 ? 1 : 0));
  return from === to ? `${to} ${unit}` : `${from} to ${to} ${unit}`;
}
const percent = (share: number): string => (share * 100).toFixed(share < 0.1 ? 1 : 0);
const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1_000_000).toLocaleString('en')} MB`;
