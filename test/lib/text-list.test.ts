import { describe, expect, it } from 'vitest';
import { readList } from '../../main/lib/text-list.ts';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const wanted = ['/a/Bär 1.jpg', '/b/写真.png', '/c'];
const lines = wanted.join('\r\n');

/** All names, with the list arriving in pieces of this size. */
async function names(list: Buffer, size = list.length, isNull?: boolean): Promise<string[]> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < list.length; at += size) yield await Promise.resolve(list.subarray(at, at + size));
  }
  const found: string[] = [];
  for await (const name of readList(pieces(), isNull === undefined ? {} : { isNull })) found.push(name);
  return found;
}

describe('a list of names', () => {
  it.each([
    ['lines', Buffer.from(`${wanted.join('\n')}\n`)],
    ['lines without an end, with blank ones between', Buffer.from(wanted.join('\n\n  \n'))],
    ['CRLF and a mark, as PowerShell writes it', Buffer.from(`\ufeff${lines}\r\n`)],
    ['UTF-16 LE with its mark', utf16(`\ufeff${lines}\r\n`)],
    ['UTF-16 BE with its mark', utf16(`\ufeff${lines}\r\n`).swap16()],
    ['find -print0', Buffer.from(`${wanted.join('\0')}\0`)],
  ])('%s, whole or byte by byte', async (_, list) => {
    expect(await names(list)).toEqual(wanted);
    expect(await names(list, 3)).toEqual(wanted);
    expect(await names(list, 1)).toEqual(wanted);
  });

  it('UTF-16 without its mark', async () => {
    expect(await names(utf16('/a/one.jpg\r\n/a/Bär.jpg\r\n'))).toEqual(['/a/one.jpg', '/a/Bär.jpg']);
  });

  it('names with line feeds in them go with --null', async () => {
    expect(await names(Buffer.from('a\nb\0c\0'), 1, true)).toEqual(['a\nb', 'c']);
    expect(await names(Buffer.from('a\nb\0c\0'))).toEqual(['a\nb', 'c']);
  });

  it('bytes that are no UTF-8 stay what they are', async () => {
    expect(await names(Buffer.from('Gr\xfcn.jpg\nb\n', 'latin1'))).toEqual(['Gr\udcfcn.jpg', 'b']);
  });

  it('nothing is nothing, and a list without an end is not gathered for ever', async () => {
    expect(await names(Buffer.alloc(0), 1)).toEqual([]);
    expect(await names(Buffer.from('\r\n\n \n'), 1)).toEqual([]);
    expect((await names(Buffer.alloc(5 * 1024 ** 2, 97), 65_536)).length).toBeGreaterThan(3);
  });
});
