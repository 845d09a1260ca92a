// Plants violations in a copy of the checkout and expects the real tools to catch each one under its rule: a fence that
// nobody tests is decoration. That the checkout itself keeps to the map is a step of its own of `npm test`.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { cruiseRooms } from '../tools/checks/rooms.mjs';
import { isLong } from './long.ts';
import { newFolder } from './temp/folder.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const nodeModules = path.join(root, 'node_modules');

/** Import directions: the file to plant, its text, and the rule that must name it. */
const directions: readonly (readonly [string, string, string])[] = [
  ['main/engine/planted-worker.ts', `import '../worker/planted.ts';`, 'engine-room'],
  ['main/engine/planted-worker.ts', `import '../worker/planted.ts';`, 'workers-are-started'],
  ['main/engine/planted-inside.ts', `import '../store/planted.ts';`, 'engine-room'],
  ['main/engine/planted-tensor.ts', `import 'onnxruntime-node';`, 'engine-room'],
  ['main/engine/planted-electron.ts', `import { app } from 'electron';\nvoid app;`, 'electron-in-app-only'],
  ['main/engine/planted-lifecycle.ts', `import '../lifecycle/index.ts';`, 'engine-room'],
  ['main/engine/pool/planted-folder.ts', `import '../runs/planted.ts';`, 'folders-by-index'],
  ['main/engine/planted-folder.ts', `import './runs/planted.ts';`, 'folders-by-index'],
  ['main/http/oip/planted-folder.ts', `import '../tfserving/planted.ts';`, 'folders-by-index'],
  ['main/lifecycle/planted-engine.ts', `import '../engine/planted.ts';`, 'lifecycle-room'],
  ['main/lifecycle/planted-folder.ts', `import './install/planted.ts';`, 'folders-by-index'],
  ['main/monitor/planted-engine.ts', `import '../engine/index.ts';`, 'monitor-room'],
  ['main/access/planted-engine.ts', `import '../engine/index.ts';`, 'access-room'],
  ['main/departure/planted-lifecycle.ts', `import '../lifecycle/index.ts';`, 'departure-room'],
  ['main/serving/planted-store.ts', `import '../store/index.ts';`, 'serving-room'],
  ['main/composition/planted-inside.ts', `import '../engine/planted.ts';`, 'composition-room'],
  ['main/exports/planted-engine.ts', `import '../engine/index.ts';`, 'exports-room'],
  ['main/intake/planted-engine.ts', `import '../engine/index.ts';`, 'intake-room'],
  ['main/http/planted-engine.ts', `import '../engine/index.ts';`, 'http-room'],
  [
    'main/store/planted-engine.ts',
    `import type { Engine } from '../engine/index.ts';\nexport type E = Engine;`,
    'store-room',
  ],
  [
    'main/store/planted-electron.ts',
    `import type { App } from 'electron';\nexport type A = App;`,
    'store-room',
  ],
  ['main/packs/planted-decoder.ts', `import 'sharp';`, 'packs-room'],
  ['main/packs/planted-unlisted.ts', `import 'tuf-js';`, 'packs-room'],
  ['main/lib/planted-contract.ts', `import '../../contract/faults/faults.ts';`, 'lib-room'],
  ['main/worker/planted-engine.ts', `import '../engine/planted.ts';`, 'worker-room'],
  ['main/cli/planted-store.ts', `import '../store/planted.ts';`, 'cli-room'],
  ['main/app/planted-packs.ts', `import '../packs/planted.ts';`, 'app-room'],
  ['main/planted-entry.ts', `import './engine/planted.ts';`, 'entry-room'],
  [
    'contract/planted-type.ts',
    `import type { Planted } from '../main/engine/planted.ts';\nexport type P = Planted;`,
    'contract-stays-pure',
  ],
  ['contract/planted-core.ts', `import 'node:fs';`, 'contract-stays-pure'],
  [
    'preload/planted-packs.ts',
    `import type { Planted } from '../main/packs/planted.ts';\nexport type P = Planted;`,
    'preload-room',
  ],
  [
    'renderer/planted-engine.ts',
    `import type { Planted } from '../main/engine/planted.ts';\nexport type P = Planted;`,
    'renderer-room',
  ],
  ['renderer/planted-package.ts', `import 'commander';`, 'renderer-room'],
  [
    'renderer/screens/try/planted-bridge.tsx',
    `import '../../bridge.ts';\nexport const V = () => <p>planted</p>;`,
    'screens-ask-state',
  ],
  ['renderer/planted-screen.ts', `import './screens/try/planted.ts';`, 'screens-from-outside'],
  ['renderer/screens/api/planted-other.ts', `import '../try/planted.ts';`, 'screens-among-themselves'],
  ['renderer/frame/planted-screen.ts', `import '../screens/try/planted.ts';`, 'screens-among-themselves'],
  ['renderer/screens/run/planted-inside.ts', `import './places/planted.ts';`, 'screens-to-their-folders'],
  [
    'renderer/screens/run/export/planted-beside.ts',
    `import '../places/planted.ts';`,
    'screens-among-their-folders',
  ],
  ['renderer/screens/api/planted-frame.ts', `import '../../frame/index.ts';`, 'frame-is-outermost'],
  ['renderer/parts/planted-state.ts', `import '../state/planted.ts';`, 'parts-know-nothing'],
  ['main/lib/planted-test.ts', `import '../../test/planted.ts';`, 'not-to-test'],
  ['main/lib/planted-nowhere.ts', `import './no-such-file.ts';`, 'not-to-unresolvable'],
  ['main/lib/planted-circle-a.ts', `import './planted-circle-b.ts';`, 'no-circular'],
];

/** What the planted imports lead to, so that each is wrong for its direction and not because it leads nowhere. */
const targets: Readonly<Record<string, string>> = {
  'main/worker/planted.ts': 'export const planted = 1;',
  'main/store/planted.ts': 'export const planted = 1;',
  'main/engine/planted.ts': 'export type Planted = 1;',
  'main/engine/runs/planted.ts': 'export const planted = 1;',
  'main/http/tfserving/planted.ts': 'export const planted = 1;',
  'main/lifecycle/install/planted.ts': 'export const planted = 1;',
  'main/packs/planted.ts': 'export type Planted = 1;',
  'renderer/bridge.ts': 'export const planted = 1;',
  'renderer/state/planted.ts': 'export const planted = 1;',
  'renderer/screens/try/planted.ts': 'export const planted = 1;',
  'renderer/screens/run/places/planted.ts': 'export const planted = 1;',
  'test/planted.ts': 'export const planted = 1;',
  'main/lib/planted-circle-b.ts': `import './planted-circle-a.ts';`,
};

/** Lint restrictions: the file, its text, and what the finding must say. */
const restrictions: readonly (readonly [string, string, RegExp])[] = [
  ['main/engine/planted-env.ts', 'export const home = process.env;', /main\/lib\/paths\.ts/],
  [
    'main/store/planted-env.ts',
    `import { env } from 'node:process';\nexport const home = env;`,
    /main\/lib\/paths\.ts/,
  ],
  [
    'renderer/screens/try/planted-outpost.ts',
    'export const api = (window as { outpost?: unknown }).outpost;\nexport const b = window.outpost;',
    /renderer\/bridge\.ts/,
  ],
  [
    'main/app/planted-ipc.ts',
    `import { ipcMain } from 'electron';\nexport const raw = ipcMain;`,
    /contract\/calls\/calls\.ts/,
  ],
  [
    'main/app/planted-send.ts',
    `import type { BrowserWindow } from 'electron';\nexport function f(w: BrowserWindow): void {\n  w.webContents.send('x');\n}`,
    /contract\/calls\/calls\.ts/,
  ],
  ['main/lib/planted-any.ts', 'export const loose: any = 1;', /no-explicit-any/],
  [
    'main/lib/planted-floating.ts',
    'async function work(): Promise<void> {}\nexport function f(): void {\n  work();\n}',
    /no-floating-promises/,
  ],
  ['main/lib/planted-default.ts', 'export default 1;', /no-default-export/],
  [
    'main/lib/planted-params.ts',
    'export function f(a: 1, b: 1, c: 1, d: 1): number {\n  return a + b + c + d;\n}',
    /max-params/,
  ],
  [
    'main/lib/planted-long.ts',
    'export const line = 1;\n'.repeat(1) + '// long\nvoid 0;\n'.repeat(160),
    /max-lines/,
  ],
];

/** Globals: the file, its text, its project, and the name that must not be known there. */
const globals: readonly (readonly [string, string, string, string])[] = [
  ['contract/planted-document.ts', 'export const d = document;', 'contract', 'document'],
  ['contract/planted-process.ts', 'export const p = process;', 'contract', 'process'],
  ['renderer/planted-buffer.ts', 'export const b = Buffer;', 'renderer', 'Buffer'],
  ['main/lib/planted-window.ts', 'export const w = window;', 'main', 'window'],
];

const copy = newFolder('rooms');
/**
 * Where the globals are planted: beside the settings alone, which a compiler reads in a second or two. The long run takes the whole
 * copy, where a package that a room imports could lend it globals as well.
 */
const bare = isLong ? copy : newFolder('rooms-bare');

beforeAll(() => {
  for (const room of ['contract', 'preload', 'renderer', 'main']) copyRoom(room);
  mkdirSync(path.join(copy, 'test'));
  for (const folder of new Set([copy, bare])) copySettings(folder);
  for (const [file, text] of Object.entries(targets)) plant(file, text);
  for (const [file, text] of [...directions, ...restrictions]) plant(file, text);
  for (const [file, text] of globals) plant(file, text, bare);
});

describe('import directions', () => {
  let seen: { rule: string; from: string; comment: string }[] = [];

  beforeAll(async () => {
    const result = await cruiseRooms(copy);
    expect(result.missed).toEqual([]);
    expect(result.modules).toBeGreaterThan(400);
    seen = result.violations;
  });

  it.each(directions)('%s (%s) is reported under %s', (file, _text, rule) => {
    const finding = seen.find((violation) => violation.from === file && violation.rule === rule);
    expect(finding, `${file} under ${rule}`).toBeDefined();
    expect(finding?.comment).not.toBe('');
  });
});

describe('restrictions', () => {
  let findings: readonly { filename: string }[] = [];

  beforeAll(async () => {
    const oxlint = path.join(nodeModules, 'oxlint', 'bin', 'oxlint');
    const files = restrictions.map(([file]) => file);
    const output = await outputOf([oxlint, '--type-aware', '--format', 'json', ...files]);
    findings = (JSON.parse(output) as { diagnostics: { filename: string }[] }).diagnostics;
  });

  it.each(restrictions)('%s is reported', (file, _text, expected) => {
    const lines = findings.filter((finding) => finding.filename === file);
    expect(JSON.stringify(lines)).toMatch(expected);
  });
});

describe('globals', () => {
  const tsc = path.join(nodeModules, 'typescript', 'bin', 'tsc');
  const outputs = new Map<string, string>();

  beforeAll(async () => {
    for (const project of new Set(globals.map(([, , each]) => each)))
      outputs.set(
        project,
        await outputOf([tsc, '-p', `tsconfig.${project}.json`, '--pretty', 'false'], bare),
      );
  }, 240_000);

  it.each(globals)('%s does not compile', (file, _text, project, name) => {
    const output = outputs.get(project) ?? '';
    const line = output.split('\n').find((text) => text.startsWith(file));
    expect(line).toMatch(new RegExp(`(Cannot find name|does not exist).*${name}|${name}.*(Cannot find|not)`));
  });
});

function copyRoom(room: string): void {
  cpSync(path.join(root, room), path.join(copy, room), { recursive: true });
}

function copySettings(folder: string): void {
  const settings = readdirSync(root).filter((name) =>
    /^(tsconfig.*|package)\.json$|^\.oxlintrc\.json$|^\.dependency-cruiser\.cjs$/.test(name),
  );
  for (const name of settings) cpSync(path.join(root, name), path.join(folder, name));
  symlinkSync(nodeModules, path.join(folder, 'node_modules'), 'junction');
}

function plant(file: string, text: string, folder = copy): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), `${text}\n`);
}

/** What a tool says on both streams; whether it is content does not matter here. */
function outputOf(args: readonly string[], folder = copy): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 << 20 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}
