import type { AnswerRecord, ClassificationPrint, PrintRecord, TensorPrint } from '../record.ts';
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

/** RFC 4180: one row for each label of a photo or output of a tensor run, one for an input without any. */
export function csvFormat(): Format {
  return { head: () => line(fields), one: (record) => rowsOf(record).map(text).join(''), tail: () => '' };
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

const text = (row: Row): string => line(fields.map((field) => String(row[field] ?? '')));
const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;
const cell = (value: string): string =>
  /[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
