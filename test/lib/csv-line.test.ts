import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { csvLine, pathText } from '../../main/lib/csv-line.ts';

/** What a spreadsheet takes for cells that splits lines at this sign: quotes count where a cell begins with them. */
function cellsOf(text: string, separator: string): readonly string[] {
  const cells: string[] = [];
  let [cell, isQuoted] = ['', false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!;
    if (sign === '"' && (isQuoted || cell === '')) {
      if (isQuoted && text[at + 1] === '"') cell += text[(at += 1)];
      else isQuoted = !isQuoted;
    } else if (!isQuoted && (sign === separator || sign === '\r' || sign === '\n')) {
      cells.push(cell);
      cell = '';
    } else cell += sign;
  }
  return [...cells, cell];
}
const runs = (cell: string): boolean => /^[\t\r\s]*[=+\-@＝＋－＠]/u.test(cell) && Number.isNaN(Number(cell));

const texts = [
  '=1+1',
  '=cmd|calc!A1.jpg',
  '+1.jpg',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  'a;=1+1;b',
  'a\t=1+1',
  'a\n=1+1\nb',
  'a, "b" ;@x',
  '＝1+1',
  "'=1",
  "a;'-b;",
  '"=1"',
];

it('no text begins a formula, whatever a spreadsheet splits lines at', () => {
  for (const text of texts)
    for (const options of [{}, { excel: 'comma' }, { excel: 'semicolon' }] as const)
      for (const separator of [',', ';', '\t']) {
        const line = csvLine(['a', text, `b ${text}`, text], options);
        expect(cellsOf(line, separator).filter(runs), `${JSON.stringify(line)} at ${separator}`).toEqual([]);
      }
});

it('texts as they are begin formulas, as the check above sees', () => {
  for (const [text, separator] of [
    ['=1+1', ','],
    ['a;=1+1;b', ';'],
    ['a\n=1+1\nb', ';'],
  ] as const)
    expect(cellsOf(csvLine(['a', text], { isExact: true }), separator).filter(runs)).not.toEqual([]);
});

it('an apostrophe is taken away again by one rule', () => {
  const textOf = (cell: string): string =>
    cell.replaceAll(/(^|[;\t\r\n])'(?='*[=+\-@＝＋－＠])|^'(?='*[\t\r])/gu, '$1');
  for (const text of texts) expect(textOf(cellsOf(csvLine([text]), ',')[0]!), text).toBe(text);
});

it('numbers, also as labels, and texts with such signs within stay as they are', () => {
  expect(csvLine([-1.29, '-1', '+3.5', '-', '-1,5e-3', 'a-b=c', "it's", 'x;y'])).toBe(
    `-1.29,-1,+3.5,-,"-1,5e-3",a-b=c,it's,"x;y"\r\n`,
  );
});

it('a path that begins so is the same path in another spelling', () => {
  for (const name of ['=1.jpg', '-rf', '@eaDir/a.jpg', '+1', 'DCIM/=1.jpg', 'a.jpg']) {
    expect(posix.normalize(pathText(name))).toBe(name);
    expect(csvLine([pathText(name)])).toBe(`${pathText(name)}\r\n`);
  }
});
