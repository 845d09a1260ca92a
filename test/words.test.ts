import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';
import { expect, it } from 'vitest';

/** Words that stood for something else in this code, by the term that is written instead. docs/glossary.md has the vocabulary. */
const replaced: Readonly<Record<string, readonly string[]>> = {
  PooledWorker: ['seat', 'seats'],
  workers: ['crew', 'crews'],
  'JobQueue, BatchQueue or concurrency': ['lane', 'lanes'],
  'PackStore, ResultStore or BufferPool': ['shelf', 'shelves'],
  'client, or types.ts': ['door', 'doors'],
  HttpWorker: ['front', 'fronts'],
  'notify, report or the exact value': ['told', 'tell', 'tells', 'telling', 'say', 'says', 'saying', 'said'],
  'onMessage or message': ['hear', 'hears', 'heard', 'sentence', 'sentences', 'converse'],
  'texts, arguments or options': ['words', 'wish', 'wishes'],
  handleFailure: ['suffer', 'suffers'],
  'anonymous, unknown or load': ['nobody', 'stranger', 'strangers', 'strange', 'crowd'],
  maintenance: ['house'],
  VersionRegistry: ['ledger', 'ledgers'],
  'verify or validate': ['survey', 'surveys', 'judge', 'judges', 'judged'],
  download: ['carry', 'carries', 'carrier', 'carrying', 'carried'],
  'countFiles or found': ['scout', 'foretell', 'foretold', 'met'],
  report: ['slip', 'slips'],
  'armTimer, authenticate, trashPath or cpuFallback': ['wind', 'greet', 'grave', 'floor'],
  'aborted, cached or cancelled': ['gone', 'kept'],
};

/** Where a word stays, and why. */
const exceptions: readonly { readonly word: string; readonly where: RegExp; readonly why: string }[] = [
  {
    word: 'kept',
    where:
      /^(contract\/serving\/status|main\/cli\/(cache|feed\/changes)|main\/feed\/add|main\/store\/cache|renderer\/screens\/settings\/settings-results|test\/(feed\/publish|(store|window)\/[a-z-]+)[.]test)[.]tsx?$/u,
    why: 'a field of the JSON that scripts read, and the column that it comes from',
  },
];

/**
 * Names that use one word of the glossary for what another one means: run, job and batch; result, record and reply; trial
 * and Try; readiness (of a server) and departure check.
 */
const mixed: readonly { readonly name: RegExp; readonly where: RegExp; readonly write: string }[] = [
  {
    // A person answers questions; and `answer` is a verb.
    name: /^(?!ConsentAnswer$|Answers$|Answer(Actions|Items)$)[A-Z].*Answers?$|^(?!Answer(Actions|Items)$)Answer[A-Z]|^Answer$/u,
    where: /^(contract|main|preload|renderer)\//u,
    write: 'Result, Record, Outcome or Reply',
  },
  {
    name: /^(put|keep|touch|tensor|stored|remove)(Tensor)?Answers?$/u,
    where: /^(contract|main)\//u,
    write: 'record or result',
  },
  {
    name: /^[bB]atch(Items?|Query|Hooks|Parts|Outcome|Request|Options)$|^[bB]atchRuns?$|^[rR]un(Batch|Job)s?$/u,
    where: /^(contract|main|renderer)\//u,
    write: 'items of a run',
  },
  {
    name: /^(PhotosTrial|clearTrial)$/u,
    where: /^renderer\//u,
    write: 'TryPage: a trial compares two versions',
  },
  {
    name: /^(note|forget)Openings?$|^(place|openings)[.]ts$/u,
    where: /^(main\/store|renderer\/state)\//u,
    write: 'registerProcess, open-processes.ts, navigation.ts or notices.ts',
  },
  { name: /^[rR]eadiness/u, where: /^main\/(?!serving\/|http\/)/u, write: 'departure check' },
  {
    name: /^(Signature|signatureOf|signature[.]ts)$/u,
    where: /^main\/(packs|engine|worker)\//u,
    write: 'inputs and outputs, or layout: a signature is a cryptographic one',
  },
  { name: /^(read|write)Card$/u, where: /^main\/packs\//u, write: 'readModelCard or writeModelCard' },
  {
    name: /^ModelCard$|^model-card[.]tsx$/u,
    where: /^renderer\//u,
    write: 'ModelTile: a model card is the text of a pack',
  },
  {
    name: /^(start)?Worker(Process|Setup|State|Events|Start|End)$|^(Ask|create)Workers?$|^workers?(-process)?[.]ts$/u,
    where: /^main\/prefork\//u,
    write: 'HttpWorker…: a worker without more is one that infers',
  },
  { name: /^worker-process[.]ts$/u, where: /^main\/app\//u, write: 'utility-worker.ts' },
];

const instead = new Map(
  Object.entries(replaced).flatMap(([term, words]) => words.map((word) => [word, term] as const)),
);
/** `HTTPServer2` is `http`, `server`. */
const split = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/gu, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-z]+/u);

/** Every identifier of a source text: names, properties, types, private members and attributes. `Math.floor` is Math's. */
function identifiers(text: string, isTsx: boolean): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    const { type, value, object } = node as { type?: string; value?: unknown; object?: { value?: unknown } };
    if (type === 'MemberExpression' && object?.value === 'Math') return;
    if (type === 'Identifier' || type === 'PrivateName') found.add(String(value));
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(text, { syntax: 'typescript', tsx: isTsx, target: 'es2022' }).body);
  return found;
}

function oldWords(name: string, file: string): readonly string[] {
  const old = split(name)
    .filter((word) => instead.has(word))
    .filter((word) => !exceptions.some((each) => each.word === word && each.where.test(file)))
    .map((word) => `${file}: ${name} (write ${instead.get(word)} in place of ${word})`);
  const wrong = mixed
    .filter((each) => each.where.test(file) && each.name.test(name))
    .map(({ write }) => `${file}: ${name} (write ${write})`);
  return [...old, ...wrong];
}

/** The names of a source file: its own, and its identifiers. */
const namesIn = (file: string, text: string): readonly string[] => [
  file.split('/').at(-1)!,
  ...identifiers(text, file.endsWith('x')),
];
const findOldWords = (file: string, text: string): readonly string[] =>
  namesIn(file, text).flatMap((each) => oldWords(each, file));

/** Folders whose names are settled. One that is renamed joins them; none leaves. */
const checked = /^(contract|preload|renderer|bench|tools|main|test)\/.*\.(ts|tsx|mjs|cjs)$/u;
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  // This file holds the words themselves.
  .filter((file) => checked.test(file) && file !== 'test/words.test.ts' && existsSync(file));
const named = files.map((file) => [file, namesIn(file, readFileSync(file, 'utf8'))] as const);

it('identifiers and names of files use the words of the glossary', () => {
  expect(files.length).toBeGreaterThan(400);
  const old = named.flatMap(([file, names]) => names.flatMap((each) => oldWords(each, file)));
  expect(old.toSorted()).toEqual([]);
});

it('an old word is seen wherever it stands, and said with the word to write', () => {
  const planted = [
    ['main/packs/planted.ts', 'export const shelfOf = 1;', 'shelfOf (write PackStore'],
    ['main/packs/planted.ts', 'export type T = { readonly seats: number };', 'seats (write PooledWorker'],
    [
      'main/packs/planted.ts',
      'export class A { #said = 1; get one() { return this.#said; } }',
      'said (write',
    ],
    ['main/packs/planted.ts', 'export const { ledger: versions } = parts;', 'ledger (write VersionRegistry'],
    ['renderer/parts/planted.tsx', 'export const A = () => <Card doors={1} />;', 'doors (write client'],
    ['main/packs/judge-planted.ts', 'export {};', 'judge-planted.ts (write verify'],
    ['main/store/planted.ts', 'export type StoredAnswer = string;', 'StoredAnswer (write Result'],
    ['main/store/planted.ts', 'export const putTensorAnswer = 1;', 'putTensorAnswer (write record'],
    ['main/engine/planted.ts', 'export type BatchItem = string;', 'BatchItem (write items of a run'],
    ['renderer/state/planted.ts', 'export type PhotosTrial = string;', 'PhotosTrial (write TryPage'],
    ['renderer/state/place.ts', 'export {};', 'place.ts (write registerProcess'],
    ['main/departure/planted.ts', 'export const readiness = 1;', 'readiness (write departure check'],
    ['main/packs/graph/planted.ts', 'type Signature = string;', 'Signature (write inputs and outputs'],
    ['main/packs/planted.ts', 'export const readCard = 1;', 'readCard (write readModelCard'],
    ['renderer/screens/models/model-card.tsx', 'export {};', 'model-card.tsx (write ModelTile'],
    ['main/prefork/planted.ts', 'export type WorkerProcess = string;', 'WorkerProcess (write HttpWorker'],
  ] as const;
  for (const [file, text, found] of planted) expect(findOldWords(file, text).join('\n')).toContain(found);
  expect(findOldWords('main/packs/planted.ts', 'export const half = Math.floor(1 / 2); // a shelf')).toEqual(
    [],
  );
  const right = 'export type Answers = string; export const answerPhotos = 1; export const readiness = 1;';
  expect(findOldWords('main/serving/planted.ts', right)).toEqual([]);
  expect(
    findOldWords('main/packs/planted.ts', `export const tellers = 'told'; export const windowed = 1;`),
  ).toEqual([]);
});

it('every exception is still needed', () => {
  const unused = exceptions.filter(
    ({ word, where }) =>
      !named.some(([file, names]) => where.test(file) && names.some((name) => split(name).includes(word))),
  );
  expect(unused.map(({ word, why }) => `${word}: ${why}`)).toEqual([]);
});
