import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeText, readText } from '../../main/lib/text.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('text');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('text from outside', () => {
  it.each([
    ['UTF-8', Buffer.from('Bär\n'), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from('\ufeffBär\n'), 'utf-8'],
    ['UTF-16 LE with a mark', utf16('\ufeffBär\n'), 'utf-16le'],
    ['UTF-16 BE with a mark', utf16('\ufeffBär\n').swap16(), 'utf-16be'],
    ['UTF-16 LE without one', utf16('Bär\n'), 'utf-16le'],
    ['UTF-16 BE without one', utf16('Bär\n').swap16(), 'utf-16be'],
  ])('%s is read', (_, bytes, encoding) => {
    expect(decodeText(bytes)).toEqual({ ok: true, text: 'Bär\n', encoding });
  });

  it('Windows-1252 is refused where nobody named it, with line and byte, and read where it was named', () => {
    const bytes = latin1('Reh\nBär\nFuchs \x80\n');
    expect(decodeText(bytes)).toMatchObject({
      ok: false,
      why: { kind: 'not-utf8-line', byte: 'E4', line: 2 },
    });
    expect(decodeText(bytes, 'Windows-1252')).toMatchObject({
      ok: true,
      text: 'Reh\nBär\nFuchs €\n',
      encoding: 'windows-1252',
    });
  });

  it('a mark wins over a name, and a name that does not exist is a reason', () => {
    expect(decodeText(Buffer.from('\ufeffBär'), 'windows-1252')).toMatchObject({ ok: true, text: 'Bär' });
    expect(decodeText(Buffer.from('a'), 'klingon')).toMatchObject({
      ok: false,
      why: { kind: 'encoding-unknown', encoding: 'klingon' },
    });
  });

  it('a sequence cut at the end and half a UTF-16 unit are refused', () => {
    expect(decodeText(Buffer.from('Bär').subarray(0, 2))).toMatchObject({ ok: false });
    expect(decodeText(utf16('\ufeffab').subarray(0, 5))).toMatchObject({
      ok: false,
      why: { kind: 'encoding-other', encoding: 'utf-16le' },
    });
    expect(decodeText(new Uint8Array())).toMatchObject({ ok: true, text: '' });
  });

  it('reads a file, and rejects for one that is not there', async () => {
    const file = path.join(folder, 'labels.txt');
    writeFileSync(file, utf16('\ufeffReh\r\nBär\r\n'));
    expect(await readText(file)).toMatchObject({ ok: true, text: 'Reh\r\nBär\r\n' });
    await expect(readText(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
