import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { shownName } from '../../lib/file-names.ts';
import { itemColumns, rowOf } from '../rows.ts';
import type { ExportSource, Format, FormatOptions } from '../types.ts';

/** Rows of a sheet, the one with the names of the columns among them, and characters of a cell. */
const mostRows = 1_048_576;
const mostCharacters = 32_767;

/**
 * An Excel workbook of one sheet. Texts are texts in it, whatever they begin with, and numbers numbers in everybody's
 * decimal sign. Written as it is read from the store, so that a million rows take no memory.
 * Source: ECMA-376, SpreadsheetML.
 */
export const xlsx: Format = {
  kind: 'file',
  needsBoxes: false,
  leavesFaultsOut: false,
  most: mostRows - 1,
  write: async function* (source, options) {
    const zip = new ZipFile();
    // The same bytes for the same rows: no time of writing.
    const entry = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true };
    for (const [name, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), name, entry);
    const output = zip.outputStream as Readable;
    const rows = Readable.from(sheet(source, options));
    // The archive does not look at the failure of what it reads: it would be an uncaught exception, and the output would never end.
    rows.on('error', (error) => output.destroy(error));
    zip.addReadStream(rows, 'xl/worksheets/sheet1.xml', entry);
    zip.end();
    try {
      yield* output as AsyncIterable<Uint8Array>;
    } finally {
      rows.destroy();
    }
  },
};

async function* sheet(source: ExportSource, options: FormatOptions): AsyncGenerator<string> {
  const columns = itemColumns(source);
  yield `${head}<worksheet xmlns="${sheetml}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
  yield rowXml(columns);
  for await (const item of source.items()) {
    const row = rowOf(item, source, options);
    yield rowXml(columns.map((column) => row[column] ?? ''));
  }
  yield '</sheetData></worksheet>';
}

const rowXml = (cells: readonly (string | number | boolean)[]): string =>
  `<row>${cells.map(cellXml).join('')}</row>`;

function cellXml(value: string | number | boolean): string {
  if (value === '') return '<c/>';
  if (typeof value === 'number') return Number.isFinite(value) ? `<c><v>${value}</v></c>` : '<c/>';
  if (typeof value === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escape(shownName(value).slice(0, mostCharacters))}</t></is></c>`;
}

/** Characters that XML cannot hold stand as `_x001F_`, as Excel itself writes them. */
function escape(text: string): string {
  return text
    .replaceAll(/_x(?=[0-9A-Fa-f]{4}_)/gu, '_x005F_x')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(unfit, (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}
const unfit =
  /[\u0000-\u0008\u000B\u000C\u000D\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const sheetml = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const media = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const parts = {
  '[Content_Types].xml': `${head}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${media}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${media}.worksheet+xml"/></Types>`,
  '_rels/.rels': `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${head}<workbook xmlns="${sheetml}" xmlns:r="${office}"><sheets><sheet name="Results" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};
