import { recordColumns, recordRows } from '../../../../contract/runs/record.ts';
import type { Row, TaskId } from '../../../../contract/tasks/index.ts';
import { csvLine, csvStart } from '../../../lib/csv-line.ts';
import type { ExcelSeparator } from '../../options.ts';
import type { Format } from './format.ts';

/** `rows`: what stands in a row, where it is not what the task's usual table has. */
export type CsvLook = {
  readonly task: TaskId;
  readonly excel?: ExcelSeparator | undefined;
  readonly rows?: string | undefined;
};

/** RFC 4180: one row for each label of a photo or output of a tensor run, one for an input without any. */
export function csvFormat({ task, excel, rows }: CsvLook): Format {
  const columns = recordColumns(task, rows);
  const options = { excel, isExact: excel === undefined };
  const line = (row: Row): string =>
    csvLine(
      columns.map((column) => row[column] ?? ''),
      options,
    );
  return {
    head: () => csvStart(options) + csvLine(columns, options),
    one: (record) => recordRows(record, rows).map(line).join(''),
    tail: () => '',
  };
}
