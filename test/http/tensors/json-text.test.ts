import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonFault } from '../../../main/http/tensors/json-fault.ts';
import {
  documentMembers,
  eachItem,
  eachMember,
  parse,
  skip,
  valueEnd,
} from '../../../main/http/tensors/json-text.ts';
import { TextReader } from '../../../main/http/tensors/text-reader.ts';
import { textsOf } from '../../../main/lib/length-prefixed.ts';

/** A whole value, every part of it visited. */
function valueAt(text: Buffer, start: number): { readonly value: unknown; readonly end: number } {
  if (text[start] === 0x7b) {
    const members: [string, unknown][] = [];
    const end = eachMember(text, start, (key, at) => {
      const inner = valueAt(text, at);
      members.push([key, inner.value]);
      return inner.end;
    });
    return { value: Object.fromEntries(members), end };
  }
  if (text[start] === 0x5b) {
    const value: unknown[] = [];
    const end = eachItem(text, start, (at) => {
      const inner = valueAt(text, at);
      value.push(inner.value);
      return inner.end;
    });
    return { value, end };
  }
  const end = valueEnd(text, start);
  return { value: parse(text, { start, end }), end };
}

/** What a text is, or `JsonFault`. */
function read(json: string): unknown {
  const text = Buffer.from(json);
  try {
    const { value, end } = valueAt(text, skip(text, 0));
    if (skip(text, end) < text.length) throw new JsonFault('something stands behind it', end);
    return value;
  } catch (error) {
    if (error instanceof JsonFault) return 'JsonFault';
    throw error;
  }
}
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return 'JsonFault';
  }
}

describe('a text whose every part is visited', () => {
  it('is what JSON.parse makes of it, and wrong where it is', () => {
    const junk = fc.constantFrom('', ',', '"', '\\', '1', '-', '.', 'e', '[', '}', ' ', ':', '\u0001');
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.tuple(fc.json(), fc.nat(), junk).map(([json, at, more]) => {
        const cut = at % (json.length + 1);
        return json.slice(0, cut) + more + json.slice(cut + (at % 2));
      }),
    );
    fc.assert(
      fc.property(text, (json) => {
        // A name that is there twice, and names of prototypes, are not what this is about.
        fc.pre(
          !json.startsWith('\ufeff') && !json.includes('__proto__') && Buffer.from(json).toString() === json,
        );
        expect(read(json)).toEqual(parsed(json));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('a value that is skipped', () => {
  it('ends where it ends, long lists of numbers too', () => {
    const numbers = fc.array(fc.double({ noNaN: true }), { maxLength: 400 });
    const value = fc.oneof(
      fc.jsonValue(),
      numbers,
      fc.array(numbers, { maxLength: 5 }),
      fc.record({ a: numbers }),
    );
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(undefined, 1),
        fc.constantFrom('', ',', ']', '}', ' '),
        (any, space, more) => {
          const text = JSON.stringify(any, null, space);
          expect(valueEnd(Buffer.from(text + more), 0)).toBe(Buffer.byteLength(text));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['lists in lists', '['.repeat(1_000_000), 'nested deeper than 128'],
    ['a long list without an end', `[${'1,'.repeat(1_000_000)}`, 'a list does not end'],
    ['a text without an end', `"${'a'.repeat(1_000_000)}`, 'a string does not end'],
    ['nothing', ' ', 'a value is missing'],
  ])('is refused soon: %s', (_, text, reason) => {
    const begun = performance.now();
    expect(() => valueEnd(Buffer.from(text), 0)).toThrow(reason);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('is none behind the object that a document is', () => {
    expect(documentMembers(Buffer.from(' {"a": [1], "b": 2} \n')).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(() => documentMembers(Buffer.from('{} {}'))).toThrow('something stands behind the object');
  });
});

describe('texts', () => {
  const reader = (text: Buffer, bytesAs: 'texts' | 'base64' | 'b64-objects' = 'texts'): TextReader =>
    new TextReader(text, { maxTexts: 100, maxDepth: 8, bytesAs });

  it('come as JSON.parse has them, behind their lengths', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }),
        fc.boolean(),
        (texts, isAscii) => {
          const json = isAscii
            ? JSON.stringify(texts).replace(/[^\0-\x7f]/gu, (each) =>
                [...Array(each.length).keys()]
                  .map((at) => String.raw`\u${each.charCodeAt(at).toString(16).padStart(4, '0')}`)
                  .join(''),
              )
            : JSON.stringify(texts);
          const texted = reader(Buffer.from(json));
          expect(texted.read(0).dims).toEqual([texts.length]);
          expect(textsOf(texted.bytes())).toEqual(texts);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('of base64 are bytes, as texts or as objects, with padding or without', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, isPadded) => {
        const written = Buffer.from(bytes).toString('base64');
        const text = isPadded ? written : written.replace(/=+$/u, '');
        const object = reader(Buffer.from(` { "b64" : "${text}" }`), 'b64-objects');
        expect(object.read(1)).toEqual({ dims: [], end: text.length + 15 });
        const plain = reader(Buffer.from(`["${text}"]`), 'base64');
        plain.read(0);
        for (const { strings } of [object, plain].map((each) => ({ strings: each.strings() })))
          expect(Buffer.from(strings[0]!).equals(Buffer.from(bytes))).toBe(true);
      }),
    );
    for (const bad of ['a', 'a*==', 'aGk==', '=', 'aGk=aGk='])
      expect(() => reader(Buffer.from(`{"b64":"${bad}"}`), 'b64-objects').read(0)).toThrow(
        'this is not base64',
      );
  });

  it('are refused where they are too many, or none', () => {
    expect(() => reader(Buffer.from(`[${'"",'.repeat(100)}""]`)).read(0)).toThrow('more than 100 texts');
    expect(() => reader(Buffer.from('["a", 1]')).read(0)).toThrow('a text is missing, and 1 stands there');
    expect(() => reader(Buffer.from('{"b64":"aGk="}')).read(0)).toThrow('a text is missing');
    expect(() => reader(Buffer.from('["a\u0001"]')).read(0)).toThrow('is not JSON');
  });
});
