import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Manifest } from '../../contract/packs/manifest.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { openLibrary } from '../../main/packs/index.ts';
import type { Library, Pack } from '../../main/packs/index.ts';
import { identityModel } from '../fixtures/onnx-builder.ts';
import { newFolder } from '../temp/folder.ts';

export const modelsFolder = join(import.meta.dirname, '../../models');
export const appVersion = '0.1.0';

export const tempFolder = (): string => newFolder('packs');

export type RawManifest = Record<string, unknown>;
export type PackOptions = {
  readonly change?: (manifest: RawManifest) => RawManifest;
  readonly files?: Readonly<Record<string, string>>;
};

/** A small pack of real files in `folder`; `change` edits the manifest before it is written. */
export function writePack(
  folder: string,
  { change = (manifest) => manifest, files = {} }: PackOptions = {},
): string {
  const contents: Readonly<Record<string, string>> = {
    // All of its bytes are ASCII.
    'model.onnx': identityModel('float32', ['N', 2]).toString('latin1'),
    'card.md': '# A card\n',
    'golden/a.f32': '1234',
    ...files,
  };
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const listed = Object.entries(contents).map(([path, text]) => describeFile(path, text));
  const manifest: Manifest = Manifest.parse({
    format: 1,
    id: 'small',
    version: '1.0.0',
    title: 'Small',
    summary: 'A small pack.',
    task: 'tensor',
    licence: 'Apache-2.0',
    minimumAppVersion: '0.1.0',
    opset: 17,
    files: listed,
    card: 'card.md',
    variants: [{ name: 'fp32', file: 'model.onnx', providers: ['cpu'] }],
    inputs: [{ name: 'x', type: 'float32', shape: ['N', 2] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['N', 2] }],
  });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(change({ ...manifest })));
  return folder;
}

export function describeFile(path: string, text: string): { path: string; size: number; sha256: string } {
  return { path, size: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') };
}

export function manifestDigest(folder: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, 'manifest.json')))
    .digest('hex');
}

export function openLocal(...paths: readonly string[]): Promise<Library> {
  return openLibrary({ folders: paths.map((path) => ({ path, trust: 'local' })), appVersion });
}

export async function openPack(folder: string): Promise<{ readonly library: Library; readonly pack: Pack }> {
  const library = await openLocal(folder);
  const [pack] = library.list();
  if (!pack) throw new Error(library.refused()[0]?.fault.message ?? 'there is no pack');
  return { library, pack };
}

/** The fault of an outcome that must have failed. */
export function faultOf(outcome: Outcome<unknown>): Fault {
  if (outcome.ok) throw new Error('it did not fail');
  return outcome.fault;
}
