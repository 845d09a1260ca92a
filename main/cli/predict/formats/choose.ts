import { assertNever } from '../../../../contract/assert.ts';
import type { FormatName } from '../../options.ts';
import { csvFormat, type CsvLook } from './csv.ts';
import type { Format, Look } from './format.ts';
import { jsonFormat, jsonlFormat } from './json.ts';
import { tableFormat } from './table.ts';

export function formatOf(name: FormatName, look: Look & Omit<CsvLook, 'task'>): Format {
  switch (name) {
    case 'jsonl':
      return jsonlFormat();
    case 'json':
      return jsonFormat();
    case 'csv':
      return csvFormat(look);
    case 'table':
      return tableFormat(look);
    default:
      return assertNever(name);
  }
}
