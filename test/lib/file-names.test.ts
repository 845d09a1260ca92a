import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, fromStorable, fsPath, nameOf, shownName, toStorable } from '../../main/lib/file-names.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('names');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('names that are not UTF-8', () => {
  it('every sequence of bytes comes back as it was', () => {
    for (let turn = 0; turn < 3000; turn += 1) {
      const bytes = Buffer.from(
        Array.from(
          { length: 1 + (turn % 9) },
          (_, at) => 1 + ((turn * 7919 + at * 104_729 + ((turn * at) % 251)) % 255),
        ),
      );
      const name = nameOf(bytes);
      expect(bytesOf(name).equals(bytes), bytes.toString('hex')).toBe(true);
      expect(fromStorable(toStorable(name))).toBe(name);
      expect(JSON.parse(JSON.stringify(name))).toBe(name);
      expect(Buffer.from(toStorable(name)).toString()).toBe(toStorable(name));
    }
  });

  it('UTF-8 stays what it is, with a replacement character in it too', () => {
    for (const name of ['Grün.jpg', '写真/🦊.png', 'a\uFFFDb', '']) {
      expect(nameOf(Buffer.from(name))).toBe(name);
      expect(fsPath(name)).toBe(name);
    }
  });

  it('is written in JSON as Python writes it, and shown with the byte', () => {
    const name = nameOf(latin1('Gr\u00FCn.jpg'));
    expect(JSON.stringify(name)).toBe('"Gr\\udcfcn.jpg"');
    expect(shownName(name)).toBe('Gr\\xFCn.jpg');
  });

  it.runIf(process.platform === 'linux')('opens the very file', () => {
    const name = nameOf(latin1('Gr\u00FCn.jpg'));
    writeFileSync(fsPath(path.join(folder, name)), 'here');
    expect(readdirSync(folder, { encoding: 'buffer' })[0]?.equals(latin1('Gr\u00FCn.jpg'))).toBe(true);
    expect(readFileSync(fsPath(path.join(folder, name)), 'utf8')).toBe('here');
  });
});
