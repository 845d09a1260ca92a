import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultCodes, faultTable } from '../../../contract/faults/faults.ts';
import { modelTaskIds } from '../../../contract/tasks/index.ts';
import de from '../../../renderer/words/de.json';
import en from '../../../renderer/words/en.json';

const folder = path.resolve(import.meta.dirname, '../../../renderer');
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
    for (const table of [english, german])
      expect(Object.values(table).filter((text) => text.trim() === '')).toEqual([]);
  });

  it('call a worker by one name', () => {
    expect(Object.entries(german).filter(([, text]) => /Arbeiter|Arbeitsprozess/u.test(text))).toEqual([]);
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

  it('exist for every task that a model may have', () => {
    expect(modelTaskIds.map((id) => `make.task.${id}`).filter((key) => english[key] === undefined)).toEqual(
      [],
    );
  });

  it('leave no blank open where the page asks for them without filling any', () => {
    const bare = sources().flatMap((text) =>
      [...text.matchAll(/\bt\('([\w.-]+)'\)/gu)].map((found) => found[1] ?? ''),
    );
    expect(bare.length).toBeGreaterThan(100);
    for (const table of [english, german])
      expect(bare.filter((key) => blanks(table[key]).length > 0)).toEqual([]);
  });
});

describe('the way on out of a fault', () => {
  /** What is typed, and options of a server: a person at the window has buttons. */
  const typed =
    /`|--[a-z]|\boutpost [a-z]|\b(?:max-body|request-memory|receive-timeout|token-file|allowed-host|cors-origin|config\.pbtxt)\b|(?:with|mit) bind\b/u;
  it.each(faultCodes.filter((code) => typed.test(faultTable[code].hint)))(
    'is not typed in the window: %s',
    (code) => {
      const key = `faults.${code}.hint`;
      expect(english[key]).not.toMatch(typed);
      expect(german[key]).not.toMatch(typed);
    },
  );

  it.each(faultCodes)('has the blanks that its fault fills: %s', (code) => {
    const own = new Set(
      Object.values(faultTable[code])
        .flatMap((text) => [...String(text).matchAll(/\{(\w+)\}/gu)])
        .map(([, name]) => name),
    );
    for (const part of ['message', 'hint'])
      for (const table of [english, german])
        for (const name of blanks(table[`faults.${code}.${part}`])) expect(own).toContain(name);
  });
});

function sources(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/u.test(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
}
