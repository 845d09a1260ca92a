import { bar, fit, pad, padStart, printable } from '../../paint.ts';
import type { ItemRecord, RecordedLabels, RecordedTensors } from '../../../../contract/record.ts';
import type { Format, Look } from './format.ts';

/** Rows of a tensor that a person is shown the labels of. */
const mostRows = 8;

/** For people: the input once, its labels below each other with percentage and bar. */
export function tableFormat(look: Look): Format {
  const nameWidth = Math.max(16, Math.min(40, Math.floor(look.columns * 0.34)));
  const labelWidth = Math.max(14, Math.min(30, Math.floor(look.columns * 0.26)));
  const barWidth = Math.max(6, Math.min(30, look.columns - nameWidth - labelWidth - 12));
  const { paint } = look;

  const lines = (name: string, rows: readonly string[]): string =>
    rows
      .map((row, at) =>
        `${at === 0 ? paint.strong(pad(fit(name, nameWidth, 0), nameWidth)) : ' '.repeat(nameWidth)}  ${row}`.trimEnd(),
      )
      .join('\n') + '\n';

  const classified = (input: string, { predictions }: RecordedLabels, cached: boolean): string => {
    if (predictions.length === 0) return lines(input, [paint.dim('no label above the threshold')]);
    const known = cached ? paint.dim(' kept') : '';
    return lines(
      input,
      predictions.map(({ label, score }, at) => {
        const percent = padStart(`${(score * 100).toFixed(1)} %`, 7);
        const drawn = paint.accent(bar(score, barWidth));
        return `${pad(fit(label, labelWidth), labelWidth)} ${percent}  ${drawn}${at === 0 ? known : ''}`;
      }),
    );
  };
  // Scores as the graph gives them: they need not be shares of one.
  const labelled = (rows: NonNullable<RecordedTensors['labels']>): readonly string[] => {
    const shown = rows
      .slice(0, mostRows)
      .map(
        ({ label, score }) => `${pad(fit(label, labelWidth), labelWidth)} ${Number(score.toPrecision(4))}`,
      );
    return rows.length > mostRows ? [...shown, `… ${rows.length} rows`] : shown;
  };
  const tensors = (input: string, result: RecordedTensors): string =>
    lines(input, [
      ...labelled(result.labels ?? []),
      ...Object.entries(result.outputs).map(([name, { type, dims, data }]) => {
        const first = data
          .slice(0, 8)
          .map((value) => printable(String(value)))
          .join(', ');
        return `${printable(name)}  ${paint.dim(`${type} [${dims.join(', ')}]`)}  ${first}${data.length > 8 ? ', …' : ''}`;
      }),
    ]);
  const one = (record: ItemRecord): string => {
    if ('fault' in record)
      return lines(record.input, [
        `${paint.bad(printable(record.fault.message))} ${paint.dim(`[${record.fault.code}]`)}`,
      ]);
    const { input, result, cached = false } = record;
    return result.task === 'tensor' ? tensors(input, result) : classified(input, result, cached);
  };
  return { head: () => '', one, tail: () => '' };
}
