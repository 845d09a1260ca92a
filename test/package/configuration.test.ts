import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

type Files = readonly (string | { readonly filter: readonly string[] })[];
type Platform = {
  readonly target: readonly string[];
  readonly files: Files;
  readonly [key: string]: unknown;
};
type Configuration = {
  readonly files: Files;
  readonly asarUnpack: readonly string[];
  readonly extraResources: readonly { readonly from: string; readonly to: string }[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly fileAssociations: readonly { readonly ext: string; readonly mimeType: string }[];
  readonly protocols: readonly { readonly schemes: readonly string[] }[];
  readonly publish: { readonly provider: string; readonly url: string };
  readonly linux: Platform;
  readonly mac: Platform;
  readonly win: Platform;
  readonly nsis: Readonly<Record<string, unknown>>;
};

const root = path.resolve(import.meta.dirname, '../..');
const load = createRequire(import.meta.url);
const builder = load('app-builder-lib/out/util/config/config.js') as {
  getConfig(folder: string, file: string, more: null): Promise<Configuration>;
  validateConfiguration(configuration: object, logger: object): Promise<void>;
};
const { DebugLogger } = load('builder-util') as { DebugLogger: new (on: boolean) => object };

let configuration: Configuration;
beforeAll(async () => {
  configuration = await builder.getConfig(root, 'electron-builder.yml', null);
});

const validate = (given: object) => builder.validateConfiguration(given, new DebugLogger(false));

describe('the schema of the builder', () => {
  it('takes the whole configuration, with the blocks of the systems that cannot be built here', async () => {
    for (const block of ['linux', 'deb', 'rpm', 'mac', 'dmg', 'win', 'nsis'])
      expect(Object.keys(configuration)).toContain(block);
    await validate(configuration);
  });

  it.each([
    ['nonsense', { nonsense: true }],
    ['linux', { linux: { nonsense: 1 } }],
    ['mac', { mac: { hardenedRuntime: 'yes' } }],
    ['win', { win: { nonsense: 1 } }],
    ['nsis', { nsis: { oneClick: 'yes' } }],
    ['electronFuses', { electronFuses: { runAsNodes: false } }],
  ])('refuses what it does not know: %s', async (name, wrong) => {
    await expect(validate({ ...configuration, ...wrong })).rejects.toThrow(name);
  });
});

describe('what is made', () => {
  it('for each system', () => {
    expect(configuration.linux.target).toEqual(['AppImage', 'deb', 'rpm', 'tar.gz']);
    expect(configuration.mac.target).toEqual(['dmg', 'zip']);
    expect(configuration.win.target).toEqual(['nsis']);
    expect(configuration.nsis).toMatchObject({ perMachine: false, deleteAppDataOnUninstall: false });
    expect(configuration.mac).toMatchObject({ hardenedRuntime: true });
  });

  it('with the fuses set', () => {
    expect(configuration.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('with the starter packs, the kinds of file and the links, and no real address', () => {
    expect(configuration.extraResources).toMatchObject([
      { from: 'models', to: 'models' },
      { from: 'build/icons', to: 'icons' },
    ]);
    expect(configuration.fileAssociations.map(({ ext }) => ext)).toEqual(['outpack', 'outpost']);
    expect(configuration.protocols.flatMap(({ schemes }) => schemes)).toEqual(['outpost']);
    expect(configuration.publish.provider).toBe('generic');
    expect(new URL(configuration.publish.url).hostname).toMatch(/\.invalid$/u);
  });

  it('from files that are there', () => {
    const named =
      readFileSync(path.join(root, 'electron-builder.yml'), 'utf8').match(/(?:build|tools)\/[\w./-]+/gu) ??
      [];
    expect(named.length).toBeGreaterThan(6);
    for (const file of named) expect(existsSync(path.join(root, file)), file).toBe(true);
  });
});

/** The native parts that the packages bring, by the name under which npm puts them on the disk. */
const natives = {
  'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1': 'linux-x64',
  'node_modules/onnxruntime-node/bin/napi-v6/linux/arm64/libonnxruntime.so.1': 'linux-arm64',
  'node_modules/onnxruntime-node/bin/napi-v6/darwin/arm64/libonnxruntime.1.dylib': 'darwin-arm64',
  'node_modules/onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime.dll': 'win32-x64',
  'node_modules/better-sqlite3/prebuilds/linux-x64.node': 'linux-x64',
  'node_modules/better-sqlite3/prebuilds/linuxmusl-x64.node': 'none',
  'node_modules/better-sqlite3/prebuilds/linux-arm64.node': 'linux-arm64',
  'node_modules/better-sqlite3/prebuilds/darwin-arm64.node': 'darwin-arm64',
  'node_modules/better-sqlite3/prebuilds/win32-x64.node': 'win32-x64',
  'node_modules/better-sqlite3/build/Release/better_sqlite3.node': 'none',
  'node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node': 'none',
  'node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so': 'none',
  'node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node': 'darwin-arm64',
  'node_modules/@img/sharp-libvips-darwin-arm64/lib/libvips-cpp.dylib': 'darwin-arm64',
  'node_modules/@img/sharp-win32-x64/lib/sharp-win32-x64.node': 'win32-x64',
} as const;
const everywhere = [
  'out/main/index.js',
  'out/main/cli.js',
  'LICENSE',
  'node_modules/zod/package.json',
  'node_modules/wasm-vips/lib/vips-node.mjs',
  'node_modules/wasm-vips/lib/vips.wasm',
  'node_modules/wasm-vips/lib/vips-heif.wasm',
];

describe('the set of files', () => {
  it.each([
    ['linux', 'linux', 'x64'],
    ['linux', 'linux', 'arm64'],
    ['mac', 'darwin', 'arm64'],
    ['win', 'win32', 'x64'],
  ] as const)('%s %s %s holds its own natives and no other', (block, system, arch) => {
    const taken = filter([...configuration.files, ...configuration[block].files], { system, arch });
    const due = Object.entries(natives)
      .filter(([, where]) => where === `${system}-${arch}`)
      .map(([file]) => file);
    expect(Object.keys(natives).filter(taken).sort()).toEqual(due.sort());
    expect(everywhere.filter(taken)).toEqual(everywhere);
    expect(due.every((file) => unpacked(file))).toBe(true);
    for (const file of ['out/main/index.js.map', 'main/index.ts', 'test/rooms.test.ts', 'trust/key'])
      expect(taken(file), file).toBe(false);
  });
});

type Match = (file: string, pattern: string, options: object) => boolean;
const { minimatch } = load('minimatch') as { minimatch: Match };
const matches = (file: string, pattern: string): boolean => minimatch(file, pattern, { dot: true });

/** As the builder reads patterns: later ones win, and the packages of production are in unless a pattern drops them. */
function filter(patterns: Files, { system, arch }: { system: string; arch: string }) {
  const args = patterns
    .flatMap((pattern) => (typeof pattern === 'string' ? [pattern] : pattern.filter))
    .map((pattern) => pattern.replaceAll('${arch}', arch).replaceAll('${platform}', system));
  return (file: string): boolean =>
    args.reduce((is, word) => {
      if (word.startsWith('!')) return is && !matches(file, word.slice(1));
      return is || matches(file, word);
    }, file.startsWith('node_modules/'));
}

function unpacked(file: string): boolean {
  return configuration.asarUnpack.some((pattern) => matches(file, pattern));
}
