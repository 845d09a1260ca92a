import { readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileBelow, pageHost, policy } from '../../main/app/page.ts';
import { typeOfBytes } from '../../main/app/picture-type.ts';
import { rangeOf } from '../../main/app/range.ts';

describe('files of the page', () => {
  it('lie below its folder', () => {
    expect(fileBelow(`${sep}page`, '/assets/a.js')).toBe([``, 'page', 'assets', 'a.js'].join(sep));
    for (const path of [
      '/../secret',
      '/..%2fsecret',
      '/a/..%2f..%2fsecret',
      '/%2e%2e/secret',
      '/..%5csecret',
      '/a%00.js',
      '/%252e%252e/x',
      '/%',
    ])
      expect(fileBelow(`${sep}page`, path)).toBeNull();
  });

  it('are served with a policy that lets nothing in', async () => {
    const host = pageHost(import.meta.dirname);
    const at = (path: string) => new URL(`outpost://app${path}`);
    expect(await host(at('/page.test.ts'), new Request('http://x'))).toBeNull();
    expect(await host(at('/missing.js'), new Request('http://x'))).toBeNull();
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/u);
  });
});

describe('a picture’s type', () => {
  it.each([
    ['photos/rocket.jpg', 'image/jpeg'],
    ['photos/chelsea.png', 'image/png'],
    ['variants/coffee.webp', 'image/webp'],
    ['variants/coffee-first-of-3.gif', 'image/gif'],
    ['variants/chelsea.tif', null],
    ['bad/text.jpg', null],
    ['bad/empty.jpg', null],
  ])('of %s is told by its bytes', async (file, type) => {
    const bytes = await readFile(new URL(`../fixtures/${file}`, import.meta.url));
    expect(typeOfBytes(bytes.subarray(0, 32))).toBe(type);
  });
});

describe('a range', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 9 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    ['bytes=0-1000', { start: 0, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=9-5', 'unsatisfiable'],
    ['bytes=-', null],
    ['bytes=0-1,5-6', null],
    ['items=0-1', null],
    [null, null],
  ])('%s of 100 bytes', (header, expected) => {
    expect(rangeOf(header, 100)).toEqual(expected);
  });
});
