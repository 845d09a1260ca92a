import { describe, expect, it } from 'vitest';
import { fault } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { formatOf } from '../../../main/cli/predict/formats/choose.ts';
import type { FormatName } from '../../../main/cli/options.ts';
import { plainPaint } from '../../../main/cli/paint.ts';
import { recordFault, recordOutcome } from '../../../contract/runs/record.ts';
import type { ItemRecord } from '../../../contract/runs/record.ts';
import { stored } from '../../fixtures/stored-record.ts';
import { closingLine } from '../../../main/cli/tally.ts';

const answered = recordOutcome(stored, { top: 5, threshold: 0 });
const broken = recordFault(
  'photos/b.jpg',
  fault('image-unreadable', { file: 'photos/b.jpg', reason: reason('ends-too-early') }),
);
function written(name: FormatName, records: readonly ItemRecord[]): string {
  const format = formatOf(name, { columns: 80, paint: plainPaint, task: 'image-classification' });
  return format.head() + records.map(format.one).join('') + format.tail();
}

describe('formats', () => {
  it('jsonl: one record a line', () => {
    const lines = written('jsonl', [answered, broken]).split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0]!)).toEqual(answered);
  });

  it('json: one array, also when nothing came', () => {
    expect(JSON.parse(written('json', [answered, broken]))).toEqual([answered, broken]);
    expect(JSON.parse(written('json', []))).toEqual([]);
  });

  it('csv: quotes by RFC 4180, a row for each label and for each fault', () => {
    const rows = written('csv', [answered, broken]).split('\r\n');
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatch(/^input,rank,index,id,label,score,/u);
    expect(rows[1]).toMatch(/^"photos\/a, ""b""\.jpg",1,281,n02123045,tabby,0\.61,/u);
    expect(rows[4]).toMatch(/^photos\/b\.jpg,.*,image-unreadable,photos\/b\.jpg could not be read/u);
  });

  it('table: label, percentage and bar, the name once', () => {
    const lines = written('table', [answered, broken]).split('\n');
    expect(lines[0]).toMatch(/^photos\/a, "b"\.jpg +tabby +61\.0 % {2}█+/u);
    expect(lines[1]).toMatch(/^ +tiger cat +20\.0 %/u);
    expect(lines[3]).toMatch(/could not be read: it ends too early\. \[image-unreadable\]$/u);
    expect(Math.max(...lines.slice(0, 3).map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('table: a name cannot steer the terminal', () => {
    expect(written('table', [{ ...answered, input: 'a\u001b[2Jb.jpg' }])).not.toContain('\u001b');
  });
});

const nothingLeft = { other: 0, hidden: 0, system: 0 };
describe('CSV for Excel', () => {
  const excel = (separator: 'comma' | 'semicolon', input: string): string => {
    const format = formatOf('csv', {
      columns: 80,
      paint: plainPaint,
      task: 'image-classification',
      excel: separator,
    });
    return format.head() + format.one({ ...answered, input }) + format.tail();
  };
  it('begins with a mark, and has the separators and decimal signs of its kind', () => {
    const [head, first] = excel('semicolon', 'a;b.jpg').split('\r\n');
    expect(head).toMatch(/^\uFEFFinput;rank;/u);
    expect(first).toMatch(/^"a;b\.jpg";1;281;n02123045;tabby;0,61;/u);
    expect(first).toContain(';41,235;');
    expect(excel('comma', 'a.jpg')).toMatch(/^\uFEFFinput,rank,[^]*\r\na\.jpg,1,281,n02123045,tabby,0\.61,/u);
    expect(written('csv', [answered])).toMatch(/^input,rank,/u);
  });

  it.each(['=cmd|calc!A1.jpg', '+1.jpg', '-1.jpg', '@SUM(A1).jpg', '\t=1.jpg'])(
    'the name %j is text, not a formula, and only on request another',
    (name) => {
      const cells = excel('comma', name).split('\r\n')[1] ?? '';
      expect(cells.replace(/^"/u, '').startsWith(name.replace(/^\t?/u, "$&'"))).toBe(true);
      expect(
        written('csv', [{ ...answered, input: name }])
          .split('\r\n')[1]
          ?.startsWith(name),
      ).toBe(true);
    },
  );
});

describe('the closing line', () => {
  it('says what was answered, what failed, how long and how fast', () => {
    expect(
      closingLine({ answered: 33, fromCache: 12, faults: 4, leftOut: nothingLeft, begunMs: 0 }, 12_300),
    ).toBe('33 answered (12 from cache), 4 faults, 12.3 s, 2.7/s');
    expect(
      closingLine(
        { answered: 1, fromCache: 0, faults: 1, leftOut: { other: 1, hidden: 2, system: 0 }, begunMs: 0 },
        1000,
      ),
    ).toBe('1 answered (0 from cache), 1 fault, 1.0 s, 1.0/s; left out: 1 other file, 2 hidden entries');
  });
});
