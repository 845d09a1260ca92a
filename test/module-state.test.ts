import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';
import type { Expression, ModuleItem, TsTypeAnnotation, VariableDeclarator } from '@swc/core';
import { expect, it } from 'vitest';

/** Collections that a module fills, and why nobody could own them. None holds what an answer depends on. */
const exceptions: Readonly<Record<string, string>> = {
  'main/lib/sha256.ts: buffers': 'memory to read into, which holds nothing between two files',
  'main/worker/preprocess.ts: tables': 'tables of a pure function, one for each type, mean and deviation',
  'renderer/parts/numbers.tsx: made': 'formatters of a pure function, by language',
  'renderer/screens/api/api-requests.tsx: formats': 'formatters of a pure function, by language',
};

const declarationsOf = (
  item: ModuleItem,
): readonly (VariableDeclarator & { readonly isConst: boolean })[] => {
  const inner = item.type === 'ExportDeclaration' ? item.declaration : item;
  if (inner.type !== 'VariableDeclaration') return [];
  return inner.declarations.map((each) => ({ ...each, isConst: inner.kind === 'const' }));
};

/** What begins empty is there to be filled. A WeakMap is its keys' own: an entry goes with the request that it is about. */
function isEmptyCollection(init: Expression | null | undefined): boolean {
  if (init?.type === 'ArrayExpression') return init.elements.length === 0;
  if (init?.type === 'ObjectExpression') return init.properties.length === 0;
  if (init?.type !== 'NewExpression' || init.callee.type !== 'Identifier') return false;
  return ['Map', 'Set', 'Array'].includes(init.callee.value) && (init.arguments ?? []).length === 0;
}

function isReadonly({ id }: VariableDeclarator): boolean {
  const type = (id as { readonly typeAnnotation?: TsTypeAnnotation }).typeAnnotation?.typeAnnotation;
  if (type?.type === 'TsTypeOperator') return type.op === 'readonly';
  return (
    type?.type === 'TsTypeReference' &&
    type.typeName.type === 'Identifier' &&
    type.typeName.value.startsWith('Readonly')
  );
}

/** Names of what a module changes while it runs. */
const stateIn = (file: string, text: string): readonly string[] =>
  parseSync(text, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2022' })
    .body.flatMap(declarationsOf)
    .filter((each) => !each.isConst || (isEmptyCollection(each.init) && !isReadonly(each)))
    .map(({ id }) => `${file}: ${id.type === 'Identifier' ? id.value : id.type}`);

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', 'contract', 'main', 'preload', 'renderer'],
  { encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => /\.tsx?$/u.test(file) && existsSync(file));

it('modules have no state of their own: it belongs to what a create… function made', () => {
  expect(files.length).toBeGreaterThan(1000);
  const found = files.flatMap((file) => stateIn(file, readFileSync(file, 'utf8')));
  expect(found.toSorted()).toEqual(Object.keys(exceptions));
});

it('state is seen in each of its forms', () => {
  const state = [
    'let a = 0;',
    'export let a: string | null = null;',
    'var a;',
    'const a = new Map<string, number>();',
    'export const a = new Set();',
    'const a: string[] = [];',
    'const a: Record<string, number> = {};',
  ];
  for (const text of state) expect(stateIn('main/a.ts', text), text).toEqual(['main/a.ts: a']);
  const none = [
    'const a = new Map([[1, 2]]);',
    'const a: readonly string[] = [];',
    'const a: Readonly<Record<string, number>> = {};',
    'const a = new WeakMap<object, number>();',
    'function f() { let a = 0; return new Map([[a, a]]); }',
    'for (let a = 0; a < 1; a += 1) f(a);',
  ];
  for (const text of none) expect(stateIn('main/a.ts', text), text).toEqual([]);
});
