import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../contract/faults/faults.ts';
import { materialise } from '../../../main/packs/layout/index.ts';
import { openLibrary } from '../../../main/packs/index.ts';
import { readTextProto } from '../../../main/packs/layout/text-proto.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import { rowWise } from '../../fixtures/row-graphs.ts';
import { newFolder } from '../../temp/folder.ts';

/** `<folder>/model/<version>/model.onnx` with this configuration beside the versions. */
async function packOf(
  config: string | null,
  { version = '3', folder = newFolder(), into = newFolder() } = {},
) {
  mkdirSync(path.join(folder, 'dense', version), { recursive: true });
  writeFileSync(path.join(folder, 'dense', version, 'model.onnx'), onnxModel(rowWise['row-dense']!));
  if (config !== null) writeFileSync(path.join(folder, 'dense', 'config.pbtxt'), config);
  const refused: Fault[] = [];
  const made = await materialise({
    folder,
    into,
    appVersion: '0.1.0',
    settleMs: 0,
    onRefused: (_, why) => void refused.push(why),
  });
  const folders = (made.ok ? made.value : []).map((each) => ({ path: each, trust: 'local' as const }));
  const library = await openLibrary({ folders, appVersion: '0.1.0' });
  return { manifest: library.list()[0]?.manifest, refused, folder, into };
}

describe('config.pbtxt', () => {
  it.each([
    ['none', null, undefined, { version: '3' }],
    ['nothing about it', 'name: "dense"\nbackend: "onnxruntime"', undefined, { version: '3' }],
    ['0', 'max_batch_size: 0', false, { version: '3' }],
    ['1', 'max_batch_size: 1', false, { version: '3', maxBatch: 1 }],
    ['8', 'max_batch_size: 8', true, { version: '3', maxBatch: 8 }],
    ['a comment', '# max_batch_size: 8', undefined, { version: '3' }],
    [
      'groups and a delay',
      `name: "dense" # of the tests
       max_batch_size: 16
       input [ { name: "x" data_type: TYPE_FP32 dims: [ 4 ] } ]
       dynamic_batching { preferred_batch_size: [ 4, 8 ] max_queue_delay_microseconds: 500 }
       instance_group [ { count: 2 kind: KIND_CPU }, { kind: KIND_GPU, gpus: [0, 1] } ]`,
      true,
      { version: '3', maxBatch: 16, delayMicros: 500, workers: 3 },
    ],
    ['a group on its own', 'instance_group { count: 1 }', undefined, { version: '3', workers: 1 }],
    ['more than can be', 'instance_group { count: 1000 }', undefined, { version: '3', workers: 64 }],
  ] as const)('with %s is what the manifest says', async (_, config, batch, serving) => {
    const { manifest, refused } = await packOf(config);
    expect(refused).toEqual([]);
    expect(manifest?.batch).toBe(batch);
    expect(manifest?.serving).toEqual(serving);
    expect(manifest?.version).toBe('3.0.0');
  });

  it('that changes makes the pack anew', async () => {
    const before = await packOf('max_batch_size: 8');
    const after = await packOf('max_batch_size: 2', before);
    expect(before.manifest?.serving?.maxBatch).toBe(8);
    expect(after.manifest?.serving?.maxBatch).toBe(2);
  });

  it.each([
    ['max_batch_size: many', 'max_batch_size is a whole number'],
    ['max_batch_size: -1', 'max_batch_size is a whole number'],
    ['name: "dense"\ninput [ { name: "x" }', 'line 2'],
    ['name "dense"', 'line 1'],
    ['a {'.repeat(100), 'nested deeper'],
  ])('%s is refused with its place', async (config, args) => {
    const { manifest, refused } = await packOf(config);
    expect(manifest).toBeUndefined();
    expect(refused[0]?.message).toContain('config.pbtxt');
    expect(refused[0]?.message).toContain(args);
  });

  it('leading zeros of a folder are no part of its number', async () => {
    expect((await packOf(null, { version: '007' })).manifest?.serving?.version).toBe('7');
  });
});

describe('the text form of a message', () => {
  it('has strings in pieces, lists, both brackets, separators and extensions', () => {
    const message = readTextProto(
      `a: "one" 'two' ; b: [1, 2,3], c < d: -1.5e3 > e { } [x.y/z] { f: "\\"" } a: T`,
    );
    expect(message.get('a')).toEqual(['onetwo', 'T']);
    expect(message.get('b')).toEqual(['1', '2', '3']);
    expect(message.get('c')).toEqual([new Map([['d', ['-1.5e3']]])]);
    expect(message.get('e')).toEqual([new Map()]);
    expect(message.get('[x.y/z]')).toEqual([new Map([['f', ['"']]])]);
  });

  it('of a megabyte is read in no time', () => {
    const begun = performance.now();
    expect(readTextProto('a: 1 # b\n'.repeat(100_000)).get('a')).toHaveLength(100_000);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
