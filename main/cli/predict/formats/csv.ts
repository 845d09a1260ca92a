import type { AnswerRecord, ClassificationPrint, PrintRecord, TensorPrint } from '../../record.ts';
import { shownName } from '../../../lib/file-names.ts';
import type { Format } from './format.ts';

const fields = [
  'input',
  'rank',
  'index',
  'id',
  'label',
  'score',
  'output',
  'type',
  'dims',
  'data',
  'model',
  'version',
  'variant',
  'provider',
  'cached',
  'durationMs',
  'at',
  'appVersion',
  'digest',
  'packDigest',
  'fault',
  'message',
] as const;
type Row = Partial<Record<(typeof fields)[number], string | number | boolean>>;

/** Separators by the decimal sign of whoever's Excel opens the file. */
export const excelSeparators = ['comma', 'semicolon'] as const;
export type ExcelSeparator = (typeof excelSeparators)[number];

/**
 * RFC 4180: one row for each label of a photo or output of a tensor run, one for an input without any. For Excel a byte
 * order mark stands first, so that it reads UTF-8; with semicolons numbers have decimal commas. And a text that begins as
 * a formula does gets an apostrophe before it: a photo's name must not be run.
 */
export function csvFormat(excel?: ExcelSeparator): Format {
  const line = (cells: readonly (string | number | boolean)[]): string =>
    `${cells.map((value) => cell(value, excel)).join(excel === 'semicolon' ? ';' : ',')}\r\n`;
  const text = (row: Row): string => line(fields.map((field) => row[field] ?? ''));
  return {
    head: () => `${excel ? '\uFEFF' : ''}${line(fields)}`,
    one: (record) => rowsOf(record).map(text).join(''),
    tail: () => '',
  };
}

function rowsOf(record: PrintRecord): readonly Row[] {
  if ('fault' in record)
    return [{ input: record.input, fault: record.fault.code, message: record.fault.message }];
  const { result, ...common } = record;
  const found =
    result.task === 'tensor'
      ? outputs(record as AnswerRecord<TensorPrint>)
      : labels(record as AnswerRecord<ClassificationPrint>);
  return found.length === 0 ? [common] : found.map((row) => ({ ...common, ...row }));
}

const labels = ({ result }: AnswerRecord<ClassificationPrint>): readonly Row[] =>
  result.predictions.map((prediction, at) => ({ rank: at + 1, ...prediction }));

const outputs = ({ result }: AnswerRecord<TensorPrint>): readonly Row[] =>
  Object.entries(result.outputs).map(([output, { type, dims, data }]) => ({
    output,
    type,
    dims: dims.join('x'),
    data: JSON.stringify(data),
  }));

function cell(value: string | number | boolean, excel: ExcelSeparator | undefined): string {
  if (typeof value === 'number' && excel === 'semicolon') return String(value).replace('.', ',');
  if (typeof value !== 'string') return String(value);
  const plain = shownName(value);
  const text = excel && /^[=+\-@\t\r]/u.test(plain) ? `'${plain}` : plain;
  const needsQuotes = (excel ? /[",;\t\r\n]/u : /[",\r\n]/u).test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
