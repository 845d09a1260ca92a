import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A table schema as published; what of it is checked here. Source: https://specs.frictionlessdata.io/table-schema. */
export type TableSchema = {
  readonly fields: readonly {
    readonly name: string;
    readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'datetime' | 'any';
    readonly constraints?: {
      readonly required?: boolean;
      readonly unique?: boolean;
      readonly enum?: readonly string[];
      readonly pattern?: string;
      readonly minimum?: number;
      readonly maximum?: number;
    };
  }[];
  readonly foreignKeys?: readonly {
    readonly fields: string;
    readonly reference: { readonly resource: string; readonly fields: string };
  }[];
};

export const fixtures = path.join(import.meta.dirname, '..', 'fixtures', 'camtrap-dp');
export const publishedJson = <T>(name: string): T =>
  JSON.parse(readFileSync(path.join(fixtures, name), 'utf8')) as T;

/** Rows of RFC 4180 by the names of the columns. */
export function parseCsv(text: string): {
  readonly columns: string[];
  readonly rows: Record<string, string>[];
} {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gu)) {
    lines.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') lines.push([]);
  }
  const [columns = [], ...rest] = lines.slice(0, -1);
  return {
    columns,
    rows: rest.map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']))),
  };
}

const forms = {
  string: /^/u,
  any: /^/u,
  number: /^-?\d+(?:\.\d+)?(?:e-?\d+)?$/u,
  integer: /^-?\d+$/u,
  boolean: /^(?:true|false)$/u,
  datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)$/u,
};

/** A line for each cell that the schema does not allow. */
export function misfits(
  text: string,
  schema: TableSchema,
  tables: Readonly<Record<string, string>>,
): string[] {
  const { columns, rows } = parseCsv(text);
  const wrong: string[] = [];
  const names = schema.fields.map(({ name }) => name);
  if (columns.join() !== names.join()) wrong.push(`columns are ${columns.join()}`);
  for (const { name, type, constraints = {} } of schema.fields) {
    const seen = new Set<string>();
    for (const [at, row] of rows.entries()) {
      const value = row[name] ?? '';
      const complain = (why: string): void => void wrong.push(`row ${at} ${name} “${value}”: ${why}`);
      if (value === '') {
        if (constraints.required) complain('required');
        continue;
      }
      if (!forms[type].test(value)) complain(`is no ${type}`);
      if (constraints.unique && seen.has(value)) complain('not unique');
      if (constraints.enum && !constraints.enum.includes(value)) complain('not among the words');
      if (constraints.pattern && !new RegExp(constraints.pattern, 'u').test(value)) complain('pattern');
      if (constraints.minimum !== undefined && Number(value) < constraints.minimum) complain('too small');
      if (constraints.maximum !== undefined && Number(value) > constraints.maximum) complain('too large');
      seen.add(value);
    }
  }
  for (const { fields, reference } of schema.foreignKeys ?? []) {
    const known = new Set(
      parseCsv(tables[reference.resource] ?? '').rows.map((row) => row[reference.fields]),
    );
    for (const row of rows)
      if (row[fields] !== '' && !known.has(row[fields])) wrong.push(`${fields} ${row[fields]} is not there`);
  }
  return wrong;
}
