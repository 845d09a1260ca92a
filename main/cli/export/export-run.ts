import type { CellSeparator, ExportFormat, ExportReport } from '../../../contract/export.ts';
import { fault } from '../../../contract/faults.ts';
import { decimalSeparator, openSource, previewOf, writeExport } from '../../exports/index.ts';
import type { ExportRequest, ExportSource } from '../../exports/index.ts';
import type { AsJson } from '../command.ts';
import { catchInterrupt } from '../interrupt.ts';
import { withOpened } from '../open.ts';
import { columns, printable } from '../paint.ts';
import { openProgress } from '../progress.ts';
import { printJson, refuse, reportOutcome } from '../report.ts';
import type { Session } from '../session.ts';

export type ExportOptions = AsJson & {
  readonly format: ExportFormat;
  readonly out?: string;
  readonly threshold?: number;
  readonly separator?: CellSeparator;
  readonly preview?: number;
};

type Written = ExportOptions & { readonly out: string } & Pick<ExportRequest, 'thumbnail'>;
/** Pixels of the longer side of a photo in a report. */
const thumbnailEdge = 320;

/** Exit code 0 when the file is written, 1 when it is not and what stood there before is as it was, 130 when stopped. */
export function exportRun(session: Session, options: ExportOptions, run: string): Promise<number> {
  const { out, preview, json } = options;
  if (out === undefined && preview === undefined) {
    const reason = 'Say where to: --out.';
    return Promise.resolve(refuse(session, fault('usage', { reason, command: 'export' })));
  }
  return withOpened(session, async ({ store, engine }) => {
    const source = await openSource(store, run);
    if (!source.ok) return refuse(session, source.fault);
    if (preview !== undefined) return showFirst(session, { ...options, preview }, source.value);
    const thumbnail = async (path: string): Promise<Uint8Array | null> => {
      const made = await engine.thumbnail(path, thumbnailEdge);
      return made.ok ? made.value.jpeg : null;
    };
    return write(session, { ...options, out: out ?? '', json, thumbnail }, source.value);
  });
}

async function write(
  session: Session,
  { format, out, threshold, separator, json, thumbnail }: Written,
  source: ExportSource,
): Promise<number> {
  const interrupt = catchInterrupt();
  const progress = openProgress(session.terminal, () => source.total);
  try {
    const written = await writeExport(source, {
      format,
      out,
      threshold,
      separator: separator ?? decimalSeparator(),
      thumbnail,
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
  const without =
    leftOut > 0 ? `, ${faults} with faults left out` : faults > 0 ? `, ${faults} with faults` : '';
  return `${items - leftOut} ${items - leftOut === 1 ? 'item' : 'items'}${without}: ${printable(out)}\n`;
}

/** What is in the file in a person's words, whatever the format. */
async function showFirst(
  session: Session,
  { preview, threshold, json }: ExportOptions & { readonly preview: number },
  source: ExportSource,
): Promise<number> {
  const shown = await previewOf(source, { rows: preview, threshold });
  if (json) await printJson(session, shown);
  else {
    const lines = [shown.columns, ...shown.rows].map((row) => row.map(printable));
    await session.terminal.print(
      `${columns(lines)}\n${shown.items} items, ${shown.faults} with faults; fits: ${shown.formats.join(', ')}\n`,
    );
  }
  return 0;
}
