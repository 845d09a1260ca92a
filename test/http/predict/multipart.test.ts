import { describe, expect, it } from 'vitest';
import { readMultipart } from '../../../main/http/predict/multipart.ts';
import type { Part } from '../../../main/http/predict/multipart.ts';

/** The only part of a form with this head. */
function partOf(head: string | Buffer): Omit<Part, 'bytes'> | string {
  const body = Buffer.concat([
    Buffer.from('--abc\r\n'),
    Buffer.from(head),
    Buffer.from('\r\n\r\nx\r\n--abc--'),
  ]);
  const read = readMultipart(body, 'multipart/form-data; boundary=abc');
  if (!read.ok) return read.fault.message;
  expect(read.value).toHaveLength(1);
  const { name, file, bytes } = read.value[0]!;
  expect(bytes.toString()).toBe('x');
  return { name, file };
}
const disposition = (rest: string): Omit<Part, 'bytes'> | string =>
  partOf(`Content-Disposition: form-data${rest}`);

describe('the head of a part', () => {
  it.each([
    ['plain', '; name="file"; filename="a.jpg"', 'file', 'a.jpg'],
    ['without quotes, any case, blanks', ' ;  NAME = file ;FileName=a.jpg', 'file', 'a.jpg'],
    [
      'an extended name wins (requests, RFC 8187)',
      `; name="file"; filename="?.jpg"; filename*=UTF-8''%C5%BB%C3%B3%C5%82w.jpg`,
      'file',
      'Żółw.jpg',
    ],
    [
      'an extended name first',
      `; filename*=utf-8'de'%e2%82%ac%20a.jpg; name=file; filename=b.jpg`,
      'file',
      '€ a.jpg',
    ],
    ['an extended name in Latin-1', `; name=a; filename*=ISO-8859-1''caf%E9.jpg`, 'a', 'café.jpg'],
    ['a broken extended name gives way', `; name=a; filename=b.jpg; filename*=UTF-8''%C5%zz`, 'a', 'b.jpg'],
    [
      'an extended name that is no UTF-8 gives way',
      `; name=a; filename=b.jpg; filename*=UTF-8''%C5`,
      'a',
      'b.jpg',
    ],
    ['quoted pairs', String.raw`; name="a\"b"; filename="x\\y \"z\".jpg"`, 'a"b', String.raw`x\y "z".jpg`],
    ['a quote as browsers write it', '; name="a%22b"; filename="%22.jpg"', 'a"b', '".jpg'],
    ['a path of Windows', String.raw`; name=a; filename="C:\photos\a.jpg"`, 'a', String.raw`C:\photos\a.jpg`],
    ['a name inside a name', '; filename="a; name=evil; b.jpg"; name="file"', 'file', 'a; name=evil; b.jpg'],
    ['a word that ends in name', '; surname="x"; name="file"', 'file', null],
    ['no name', '; filename="a.jpg"', '', 'a.jpg'],
    ['nothing', '', '', null],
    ['folded lines', ';\r\n name="file";\r\n\tfilename="a.jpg"', 'file', 'a.jpg'],
  ])('%s', (_, rest, name, file) => {
    expect(disposition(rest)).toEqual({ name, file });
  });

  it('in Latin-1 keeps its letters', () => {
    const head = Buffer.from('Content-Disposition: form-data; name="a"; filename="café.jpg"', 'latin1');
    expect(partOf(head)).toEqual({ name: 'a', file: 'café.jpg' });
  });

  it('with other headers around', () => {
    expect(
      partOf('Content-Type: image/jpeg\r\nContent-Disposition: form-data; name="a"\r\nContent-Length: 1'),
    ).toEqual({ name: 'a', file: null });
    expect(partOf('Content-Type: image/jpeg')).toContain('has no name');
  });

  it('that is long and hostile is read in a moment', () => {
    const begun = performance.now();
    for (const rest of [
      '; a="' + '\\'.repeat(8_000),
      ';'.repeat(8_000),
      '; ' + ' '.repeat(8_000),
      ';a= "'.repeat(1_600),
      "; filename*=UTF-8''" + '%'.repeat(7_000),
    ])
      disposition(rest);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

it('a boundary in quotes may hold a semicolon', () => {
  const read = readMultipart(
    Buffer.from('--a;b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--a;b--'),
    'multipart/form-data; charset=utf-8; boundary="a;b"',
  );
  expect(read).toMatchObject({ ok: true, value: [{ name: 'x' }] });
});
