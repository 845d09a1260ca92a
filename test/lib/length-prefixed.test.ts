import { expect, it } from 'vitest';
import { joinStrings, joinTexts, splitStrings, stringsOf, textsOf } from '../../main/lib/length-prefixed.ts';

it('joins strings and takes them apart again, as views', () => {
  const joined = joinTexts(['', 'Zürich', '東京', 'a\nb']);
  expect(textsOf(joined)).toEqual(['', 'Zürich', '東京', 'a\nb']);
  expect(joined.readUInt32LE(4)).toBe(7);
  const [, second] = stringsOf(joined);
  expect(second?.buffer).toBe(joined.buffer);
  expect(splitStrings(new Uint8Array(0))).toEqual([]);
});

it('takes bytes that come from another thread, and lie anywhere', () => {
  const plain = Uint8Array.from([9, 9, ...joinStrings([Uint8Array.of(1, 2), Uint8Array.of(255)])]).subarray(
    2,
  );
  expect(stringsOf(plain).map((each) => [...each])).toEqual([[1, 2], [255]]);
});

it.each([
  ['a length that is cut off', [3, 0, 0]],
  ['a string that is cut off', [3, 0, 0, 0, 65, 66]],
  ['a length beyond 2 GiB', [255, 255, 255, 255, 65]],
])('%s is no tensor', (_, bytes) => {
  const data = Uint8Array.from(bytes);
  expect(splitStrings(data)).toBeNull();
  expect(() => textsOf(data)).toThrow(RangeError);
});

it('stops at more strings than were named', () => {
  const many = Buffer.alloc(4 * 1000);
  expect(splitStrings(many, 999)).toBeNull();
  expect(splitStrings(many, 1000)).toHaveLength(1000);
});
