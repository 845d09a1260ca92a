// A task is named in its own files, in the registries, in words and in migrations: everything else asks its descriptor.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { taskIds } from '../contract/tasks/index.ts';
import { newFolder } from './temp/folder.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const rooms = ['contract', 'main', 'preload', 'renderer'] as const;
/** Each world has a folder with a file or a folder for each task, and their registry. */
const worlds = ['contract/tasks/', 'main/worker/tasks/', 'main/packs/build/tasks/', 'renderer/tasks/'];
/** Texts on the screen are by task where they speak of one; a migration speaks of what tasks were in its time. */
const others = ['renderer/words/', 'main/store/migrations/'];
/** `tensor` is a word of others, too. */
const homonyms: readonly (readonly [file: RegExp, line: RegExp])[] = [
  // ONNX has values of the kind tensor, and requests are of the kind picture or tensor, whatever the task of their model.
  [/./u, /\bkind\b/u],
  // Which of the two tables of answers a row is in.
  [/^main\/store\/cache\.ts$/u, /UNION ALL SELECT 'tensor', size_bytes/u],
];

/** Tasks that have a file, whether or not they are registered already. */
const idsIn = (folder: string): readonly string[] =>
  readdirSync(path.join(folder, 'contract', 'tasks')).flatMap((file) =>
    /^[a-z]+-[a-z-]+\.ts$/u.test(file) ? [file.slice(0, -3)] : [],
  );

/** `file:line` of every text that is a task's id, outside of the places for it. */
function findNamed(folder: string, ids: ReadonlySet<string>): readonly string[] {
  const literal = new RegExp(`(['"\`])(?:${[...ids].join('|')})\\1`, 'u');
  return rooms.flatMap((room) => {
    const files = readdirSync(path.join(folder, room), { recursive: true, encoding: 'utf8' });
    return files
      .map((file) => path.posix.join(room, file.split(path.sep).join('/')))
      .filter(
        (file) => /\.tsx?$/u.test(file) && ![...worlds, ...others].some((each) => file.startsWith(each)),
      )
      .flatMap((file) =>
        readFileSync(path.join(folder, file), 'utf8')
          .split('\n')
          .flatMap((line, at) => (isNamed(literal, file, line) ? [`${file}:${at + 1}`] : [])),
      );
  });
}

function isNamed(literal: RegExp, file: string, line: string): boolean {
  const [found = ''] = literal.exec(line) ?? [];
  if (found === '') return false;
  const isHomonym = found.slice(1, -1) === 'tensor';
  return !isHomonym || !homonyms.some(([where, how]) => where.test(file) && how.test(line));
}

describe('tasks', () => {
  it('are named nowhere but in their own files', () => {
    expect(findNamed(root, new Set([...taskIds, ...idsIn(root)]))).toEqual([]);
  });

  it('are found where they should not be named', () => {
    const folder = newFolder('task-names');
    const plant = (file: string, text: string): void => {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    for (const room of rooms) mkdirSync(path.join(folder, room));
    plant('main/engine/planted.ts', `const task = 'tensor';\nif (task === "image-classification") run();\n`);
    plant('renderer/screens/planted.tsx', `<Panel task={\`object-detection\`} />\n`);
    plant('main/packs/graph/planted.ts', `if (value.kind !== 'tensor') return;\n`);
    plant('main/worker/tasks/planted.ts', `const id = 'image-classification';\n`);
    expect(findNamed(folder, new Set([...taskIds, 'object-detection']))).toEqual([
      'main/engine/planted.ts:1',
      'main/engine/planted.ts:2',
      'renderer/screens/planted.tsx:1',
    ]);
  });
});
