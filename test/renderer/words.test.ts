import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import de from '../../renderer/words/de.json';
import en from '../../renderer/words/en.json';

const folder = path.resolve(import.meta.dirname, '../../renderer');
const english: Readonly<Record<string, string>> = en;
const german: Readonly<Record<string, string>> = de;
const blanks = (text: string | undefined): readonly string[] =>
  [...(text ?? '').matchAll(/\{\{(\w+)\}\}/gu)].map((found) => found[1] ?? '').sort();

describe('words', () => {
  it('are the same keys in every language', () => {
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
  });

  it('fill the same blanks in every language', () => {
    const differing = Object.keys(english).filter((key) => {
      // The singular may spell its number out or leave a blank to the plural's.
      const own = new Set(blanks(german[key]));
      return blanks(english[key]).some((name) => !own.has(name));
    });
    expect(differing).toEqual([]);
  });

  it('say something', () => {
    for (const words of [english, german])
      expect(Object.values(words).filter((text) => text.trim() === '')).toEqual([]);
  });

  it('exist for every key that the page asks for by name', () => {
    const asked = sources().flatMap((text) =>
      [...text.matchAll(/\bt\('([\w.-]+)'/gu)].map((found) => found[1] ?? ''),
    );
    expect(asked.length).toBeGreaterThan(100);
    const missing = asked.filter(
      (key) => english[key] === undefined && english[`${key}_other`] === undefined,
    );
    expect([...new Set(missing)]).toEqual([]);
  });
});

function sources(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/u.test(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
}
