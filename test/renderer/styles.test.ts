import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const renderer = path.join(import.meta.dirname, '../../renderer');
/** Folders whose sheets are there for every screen; any other sheet belongs to the screen in whose folder it lies. */
const sharedFolders = new Set(['', 'styles', 'parts']);
/** Classes that packages give to their own elements. */
const isForeign = (name: string): boolean => /^(mantine-|u-|uplot$)/u.test(name);

/** `folder` is relative to renderer/, with slashes. */
type SourceFile = { readonly folder: string; readonly name: string; readonly text: string };
type Use = { readonly folder: string; readonly name: string; readonly classes: ReadonlySet<string> };

function readSources(pattern: RegExp): readonly SourceFile[] {
  return readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => pattern.test(file))
    .map((name) => ({
      name,
      folder: name.split('/').slice(0, -1).join('/'),
      text: readFileSync(path.join(renderer, name), 'utf8'),
    }));
}

const selectorsOf = ({ text }: SourceFile): readonly string[] =>
  [...text.replaceAll(/\/\*.*?\*\//gsu, '').matchAll(/(?<=^|[{};])([^{};@]+)\{/gu)]
    .flatMap(([, list = '']) => list.split(/,(?![^(]*\))/u))
    .map((selector) => selector.trim())
    .filter((selector) => !/^(from|to|\d+%)$/u.test(selector));

const classesOf = (selector: string): readonly string[] =>
  [...selector.matchAll(/\.([a-z][\w-]*)/giu)]
    .map(([, name = '']) => name)
    .filter((name) => !isForeign(name));

const isWithin = (folder: string, outer: string): boolean =>
  folder === outer || folder.startsWith(`${outer}/`);

/** What is wrong with the sheets, and with the use of their classes; one line each. */
function verifySheets(sheets: readonly SourceFile[], uses: readonly Use[]): readonly string[] {
  const isShared = ({ folder }: SourceFile): boolean => sharedFolders.has(folder);
  const shared = new Set(sheets.filter(isShared).flatMap(selectorsOf).flatMap(classesOf));
  const owners = new Map<string, SourceFile>();
  const found: string[] = [];
  for (const sheet of sheets.filter((one) => !isShared(one)))
    for (const selector of selectorsOf(sheet)) {
      const own = classesOf(selector).filter((name) => !shared.has(name));
      if (own.length === 0) found.push(`${sheet.name}: "${selector}" styles what is of no class of its own`);
      for (const name of own) {
        const owner = owners.get(name) ?? sheet;
        if (owner !== sheet) found.push(`.${name} is in ${owner.name} and in ${sheet.name}`);
        owners.set(name, owner);
      }
    }
  for (const { name, folder, classes } of uses)
    for (const one of classes) {
      const owner = owners.get(one);
      if (owner && !isWithin(folder, owner.folder)) found.push(`${name} uses .${one} of ${owner.name}`);
    }
  return [...new Set(found)];
}

/** The classes that a file gives to its elements: all words of the strings in its `className`s. */
function usesOf({ name, folder, text }: SourceFile): Use {
  const classes = new Set<string>();
  for (const match of text.matchAll(/className=(?:"([^"]*)"|\{)/gu)) {
    const written = match[1] ?? stringsOf(text, match.index + match[0].length);
    for (const word of written.split(/\s+/u)) if (word !== '') classes.add(word);
  }
  return { name, folder, classes };
}

/** The strings of the expression that begins at `from` and ends with its brace. */
function stringsOf(text: string, from: number): string {
  let depth = 1;
  let end = from;
  for (; depth > 0 && end < text.length; end += 1)
    depth += text[end] === '{' ? 1 : text[end] === '}' ? -1 : 0;
  const given = text.slice(from, end).replaceAll(/[=!]== '[^']*'/gu, '');
  const args = [...given.matchAll(/'([^']*)'|`([^`]*)`/gu)];
  return args.map(([, plain, template]) => plain ?? template?.replaceAll(/\$\{[^}]*\}/gu, ' ')).join(' ');
}

describe('the style sheets', () => {
  const sheets = readSources(/[.]css$/u);
  const components = readSources(/[.]tsx$/u);

  it('give each class one home, and no screen styles what is of another', () => {
    expect(sheets.length).toBeGreaterThan(15);
    expect(verifySheets(sheets, components.map(usesOf))).toEqual([]);
  });

  it('style nothing that is not there', () => {
    const files = [...components, ...readSources(/[.]ts$/u)];
    const below = (folder: string): string =>
      files
        .filter((one) => sharedFolders.has(folder) || one.folder.startsWith(folder))
        .map((one) => one.text)
        .join('\n');
    const whole = below('');
    const isThere = (word: string): boolean => new RegExp(`['"\`\\s]${word}['"\`\\s$]`, 'u').test(whole);
    // States are put together of `is-` or `tone-` and a word that stands beside the sheet in quotes or as a key.
    const isState = (name: string, folder: string): boolean => {
      const [, state] = /^(?:is|tone)-(.+)$/u.exec(name) ?? [];
      return state !== undefined && new RegExp(`['"\`]${state}['"\`]|\\b${state}:`, 'u').test(below(folder));
    };
    const unused = sheets.flatMap((sheet) =>
      [...new Set(selectorsOf(sheet).flatMap(classesOf))].filter(
        (name) => !isThere(name) && !isState(name, sheet.folder),
      ),
    );
    expect(unused).toEqual([]);
  });
});

describe('the judge of sheets', () => {
  const sheet = (name: string, text: string): SourceFile => ({
    name,
    folder: name.split('/').slice(0, -1).join('/'),
    text,
  });
  const shared = sheet('styles/base.css', '.row { gap: 8px } .cut { overflow: hidden }');
  const api = sheet('screens/api/api.css', '/* .no {} */ .api, .api-row > .row:not(.cut) { gap: 0 }');
  const component = (name: string, text: string): Use => usesOf(sheet(name, text));

  it.each([
    [
      'two screens style one class',
      [sheet('screens/try/try.css', '@media (x) { .try .api { top: 0 } }')],
      '.api is in',
    ],
    [
      'a screen styles what every screen uses',
      [sheet('screens/try/try.css', '.row { gap: 0 }')],
      '".row" styles what',
    ],
    [
      'a screen styles bare elements',
      [sheet('screens/try/try.css', 'button { gap: 0 }')],
      '"button" styles what',
    ],
  ])('notices that %s', (_what, sheets, expected) => {
    const found = verifySheets([shared, api, ...sheets], []);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('notices a class outside of its screen, in words and in expressions', () => {
    const uses = [
      component('screens/try/a.tsx', '<p className="row api-row" />'),
      component('screens/try/b.tsx', "<p className={at === 'api-row' ? 'row' : `api ${tone}`} />"),
      component('screens/api/inside/c.tsx', '<p className="api-row" />'),
      component('screens/try/d.tsx', "<p title='api' />"),
    ];
    expect(verifySheets([shared, api], uses)).toEqual([
      'screens/try/a.tsx uses .api-row of screens/api/api.css',
      'screens/try/b.tsx uses .api of screens/api/api.css',
    ]);
  });
});
