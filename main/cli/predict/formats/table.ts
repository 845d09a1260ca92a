import { bar, fit, pad, padStart, printable } from '../../paint.ts';
import type { ItemRecord } from '../../../../contract/runs/record.ts';
import { assertNever } from '../../../../contract/assert.ts';
import { taskOf } from '../../../../contract/tasks/index.ts';
import type { Line } from '../../../../contract/tasks/index.ts';
import type { Format, Look } from './format.ts';

/** For people: the input once, the lines of its task below each other, shares with percentage and bar. */
export function tableFormat(look: Pick<Look, 'columns' | 'paint'>): Format {
  const nameWidth = Math.max(16, Math.min(40, Math.floor(look.columns * 0.34)));
  const labelWidth = Math.max(14, Math.min(30, Math.floor(look.columns * 0.26)));
  const barWidth = Math.max(6, Math.min(30, look.columns - nameWidth - labelWidth - 19));
  const { paint } = look;

  const lines = (name: string, rows: readonly string[]): string =>
    rows
      .map((row, at) =>
        `${at === 0 ? paint.strong(pad(fit(name, nameWidth, 0), nameWidth)) : ' '.repeat(nameWidth)}  ${row}`.trimEnd(),
      )
      .join('\n') + '\n';

  const drawn = (line: Line): string => {
    switch (line.kind) {
      case 'share': {
        const percent = padStart(`${(line.score * 100).toFixed(1)} %`, 7);
        return `${pad(fit(line.label, labelWidth), labelWidth)} ${percent}  ${paint.accent(bar(line.score, barWidth))}`;
      }
      case 'value':
        return `${pad(fit(line.label, labelWidth), labelWidth)} ${line.value}`;
      case 'values':
        return `${printable(line.name)}  ${paint.dim(line.form)}  ${printable(line.values)}`;
      case 'text':
        return line.text;
      case 'note':
        return paint.dim(line.text);
      default:
        return assertNever(line);
    }
  };
  const one = (record: ItemRecord): string => {
    if ('fault' in record)
      return lines(record.input, [
        `${paint.bad(printable(record.fault.message))} ${paint.dim(`[${record.fault.code}]`)}`,
      ]);
    const { input, result, cached = false } = record;
    const known = cached ? paint.dim(' cached') : '';
    return lines(
      input,
      taskOf(result.task)
        .lines(result)
        .map((line, at) => `${drawn(line)}${at === 0 && line.kind === 'share' ? known : ''}`),
    );
  };
  return { head: () => '', one, tail: () => '' };
}
