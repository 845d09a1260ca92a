import { assertNever } from '../../../../contract/assert.ts';
import type { ExcelSeparator, FormatName } from '../../options.ts';
import { csvFormat } from './csv.ts';
import type { Format, Look } from './format.ts';
import { jsonFormat, jsonlFormat } from './json.ts';
import { tableFormat } from './table.ts';

export function formatOf(name: FormatName, look: Look, excel?: ExcelSeparator): Format {
  switch (name) {
    case 'jsonl':
      return jsonlFormat();
    case 'json':
      return jsonFormat();
    case 'csv':
      return csvFormat(look.task, excel);
    case 'table':
      return tableFormat(look);
    default:
      return assertNever(name);
  }
}
