import type { ExportChoice, ExportReport } from '../../../contract/runs/export.ts';
import { fault } from '../../../contract/faults/faults.ts';
import { decimalSeparator, openSource, picturesBy, previewOf, writeExport } from '../../exports/index.ts';
import type { ExportSource, PictureMaker } from '../../exports/index.ts';
import { catchInterrupt } from '../interrupt.ts';
import { withOpened } from '../open.ts';
import { columns, printable } from '../paint.ts';
import { openProgress } from '../progress.ts';
import { printJson, refuse, reportOutcome } from '../report.ts';
import type { Session } from '../session.ts';
import { choiceOf } from './options.ts';
import type { ExportOptions } from './options.ts';
import { shownItems } from './shown.ts';

type Written = ExportOptions & {
  readonly out: string;
  readonly choice: ExportChoice;
  readonly engine: PictureMaker;
};

/** Exit code 0 when the file is written, 1 when it is not and what stood there before is as it was, 130 when stopped. */
export function exportRun(session: Session, options: ExportOptions, run: string): Promise<number> {
  const { out, preview, json } = options;
  if (out === undefined && preview === undefined) {
    const reason = 'Say where to: --out.';
    return Promise.resolve(refuse(session, fault('usage', { reason, command: 'export' })));
  }
  return withOpened(session, async (opened) => {
    const { store, engine } = opened;
    const choice = await choiceOf(store, options);
    if (!choice.ok) return refuse(session, choice.fault);
    const shown = await shownItems(opened, options, run);
    if (!shown.ok) return refuse(session, shown.fault);
    const { value: items } = shown;
    const source = await openSource(store, run, { choice: { ...choice.value, ...(items && { items }) } });
    if (!source.ok) return refuse(session, source.fault);
    if (options.saveProfile !== undefined)
      await store.keepExportProfile({ name: options.saveProfile, choice: choice.value });
    if (preview !== undefined)
      return showFirst(session, { preview, json, threshold: choice.value.threshold }, source.value);
    return write(session, { ...options, out: out ?? '', choice: choice.value, engine }, source.value);
  });
}

async function write(
  session: Session,
  { format, out, choice, engine, json }: Written,
  source: ExportSource,
): Promise<number> {
  const interrupt = catchInterrupt();
  const progress = openProgress(session.terminal, () => source.total);
  try {
    const written = await writeExport(source, {
      format,
      out,
      ...choice,
      separator: choice.separator ?? decimalSeparator(),
      ...picturesBy(engine, interrupt.signal),
      signal: interrupt.signal,
      onItem: (done) => progress.update(done, 0),
    });
    progress.clear();
    return await reportOutcome(session, written, { json, text: (report) => closingText(report, out) });
  } finally {
    interrupt.close();
  }
}

function closingText({ items, faults, leftOut }: ExportReport, out: string): string {
  const left =
    leftOut > faults
      ? `, ${leftOut} left out, ${faults} of them with faults`
      : `, ${faults} with faults left out`;
  const without = leftOut > 0 ? left : faults > 0 ? `, ${faults} with faults` : '';
  return `${items - leftOut} ${items - leftOut === 1 ? 'item' : 'items'}${without}: ${printable(out)}\n`;
}

function duplicatesText({ duplicates, choice }: ExportSource): string {
  if (duplicates === 0) return '';
  return choice.duplicates === 'leave-out'
    ? `, ${duplicates} with the same content as another left out`
    : `, ${duplicates} with the same content as another (--duplicates leave-out)`;
}

/** What is in the file in a person's words, whatever the format. */
async function showFirst(
  session: Session,
  { preview, threshold, json }: Pick<ExportOptions, 'threshold' | 'json'> & { readonly preview: number },
  source: ExportSource,
): Promise<number> {
  const shown = await previewOf(source, { rows: preview, threshold });
  if (json) await printJson(session, shown);
  else {
    const lines = [shown.columns, ...shown.rows].map((row) => row.map(printable));
    await session.terminal.print(
      `${columns(lines)}\n${shown.items} items, ${shown.faults} with faults${duplicatesText(source)}; fits: ${shown.formats.join(', ')}\n`,
    );
  }
  return 0;
}
