import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Row } from '../../../contract/tasks/index.ts';
import { shownName } from '../../lib/file-names.ts';
import { columnKinds, itemColumns, rowOf } from '../rows.ts';
import type { Format } from '../types.ts';

/** Rows that are held at a time; readers skip whole groups of them. */
const groupRows = 20_000;

/** Apache Parquet, one row an item, each column of its own type, empty cells null. Source: https://parquet.apache.org. */
export const parquet: Format = {
  kind: 'file',
  needsBoxes: false,
  leavesFaultsOut: false,
  write: async function* (source, options) {
    const columns = itemColumns(source);
    const bytes = new ByteWriter();
    const taken = (): Uint8Array => {
      const piece = bytes.getBytes().slice();
      bytes.index = 0;
      return piece;
    };
    const schema = [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)];
    const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'Outpost' });
    let rows: Row[] = [];
    const flush = async (): Promise<void> => {
      const columnData = columns.map((name) => ({ name, data: rows.map((row) => valueOf(row[name])) }));
      await writer.write({ columnData, rowGroupSize: groupRows });
      rows = [];
    };
    for await (const item of source.items()) {
      rows.push(rowOf(item, source, options));
      if (rows.length < groupRows) continue;
      await flush();
      yield taken();
    }
    await flush();
    await writer.finish();
    yield taken();
  },
};

function elementOf(name: string) {
  const kind = columnKinds[name];
  const repetition_type = 'OPTIONAL' as const;
  if (kind === 'integer') return { name, repetition_type, type: 'INT32' as const };
  if (kind === 'number') return { name, repetition_type, type: 'DOUBLE' as const };
  return { name, repetition_type, type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const };
}

const valueOf = (value: string | number | boolean | undefined): string | number | null => {
  if (value === undefined || value === '') return null;
  return typeof value === 'number' ? value : shownName(String(value));
};
