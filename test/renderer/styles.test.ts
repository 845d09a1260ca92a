import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../renderer');
/** Sheets whose classes are there for every screen. */
const shared = new Set(['base.css', 'controls.css', 'parts.css']);

type Sheet = { readonly name: string; readonly text: string };
/** `bare` classes are styled wherever they stand; `subjects` are what a selector styles, whatever is around it. */
function classesOf(text: string): {
  readonly bare: ReadonlySet<string>;
  readonly subjects: ReadonlySet<string>;
} {
  const plain = text.replaceAll(/\/\*.*?\*\//gsu, '');
  const bare = new Set<string>();
  const subjects = new Set<string>();
  for (const [, selectors = ''] of plain.matchAll(/(?<=^|[{}])([^{}@]+)\{/gu))
    for (const selector of selectors.split(',')) {
      const steps = selector.trim().split(/\s*[\s>+~]\s*/u);
      const names = [...(steps.at(-1) ?? '').replaceAll(/:[\w-]+\([^)]*\)/gu, '').matchAll(/\.([\w-]+)/gu)];
      for (const [, name = ''] of names) subjects.add(name);
      if (steps.length === 1 && names.length === 1 && selector.trim().startsWith('.'))
        bare.add(names[0]![1]!);
    }
  return { bare, subjects };
}

/** Classes that one screen's sheet styles bare, and another sheet styles as well. */
function strays(sheets: readonly Sheet[]): readonly string[] {
  const read = sheets.map(({ name, text }) => ({ name, ...classesOf(text) }));
  return read.flatMap(({ name, bare }) =>
    [...bare].flatMap((one) => {
      if (shared.has(name) || one.startsWith('mantine-')) return [];
      const others = read.filter((sheet) => sheet.name !== name && !shared.has(sheet.name));
      return others
        .filter(({ subjects }) => subjects.has(one))
        .map((sheet) => `.${one}: ${name}, ${sheet.name}`);
    }),
  );
}

describe('the style sheets', () => {
  it('give each class one home: what one screen means by a name never reaches another', () => {
    const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.css'))
      .map((name) => ({ name: basename(name), text: readFileSync(join(folder, name), 'utf8') }));
    expect(sheets.length).toBeGreaterThan(8);
    expect(strays(sheets)).toEqual([]);
  });

  it('finds a row of one screen that paints a word of another', () => {
    const rows = { name: 'lifecycle.css', text: '/* .x {} */ .version:not(:last-child)::before { top: 0 }' };
    const word = { name: 'frame.css', text: '@media (x) { .model-choice .version { top: 0 } }' };
    expect(strays([rows, word])).toEqual(['.version: lifecycle.css, frame.css']);
  });
});
