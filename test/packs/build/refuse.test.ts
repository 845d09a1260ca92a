import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPack } from '../../../main/packs/build/index.ts';
import type { BuildRequest } from '../../../main/packs/build/index.ts';
import { identityModel, onnxModel } from '../../fixtures/onnx-builder.ts';
import { faultOf, tempFolder } from '../fixture.ts';
import { externalTensor, model } from '../onnx-parts.ts';
import {
  buildWithoutRunning,
  efficientnet,
  exportsFolder,
  realRunner,
  requestFor,
  meaning,
} from './fixture.ts';

const write = (name: string, content: string | Uint8Array): string => {
  const file = join(tempFolder(), name);
  writeFileSync(file, content);
  return file;
};
const colours = join(exportsFolder, 'colours-pytorch.onnx');
const photoAnswers = {
  ...meaning,
  task: 'image-classification',
  labels: join(exportsFolder, 'colours.txt'),
  preprocess: 'torchvision',
};

async function refusal(request: BuildRequest) {
  const fault = faultOf(await buildWithoutRunning(request));
  expect(readdirSync(dirname(request.out))).toEqual([]);
  return fault;
}

describe('what is missing', () => {
  it('is all named at once, each with its option', async () => {
    const { code, message } = await refusal(requestFor(colours, { answers: {} }));
    expect(code).toBe('pack-incomplete');
    for (const option of [
      '--task',
      '--id',
      '--pack-version',
      '--title',
      '--summary',
      '--licence',
      '--labels',
      '--preprocess',
    ])
      expect(message).toContain(option);
    // A guess is told as one and not taken.
    expect(message).toContain('torchvision?');
  });

  it('is the size too, where a model of photos leaves height or width free: never taken as 224', async () => {
    const sides = [
      ['h', 'w'],
      [224, 'w'],
    ] as const;
    for (const [height, width] of sides) {
      const free = write('model.onnx', identityModel('float32', ['N', 3, height, width]));
      const { code, message } = await refusal(requestFor(free, { answers: photoAnswers }));
      expect([code, message]).toEqual(['pack-incomplete', expect.stringContaining('--size') as string]);
    }
  });

  it('is asked for where somebody can be asked: the task first, then what it needs', async () => {
    const asked: string[][] = [];
    const built = await buildPack(requestFor(colours, { answers: meaning }), {
      openRunner: () => Promise.reject(new Error('nothing was to be run')),
      ask: (missing) => {
        asked.push(missing.map(({ question }) => question));
        return Promise.resolve(asked.length === 1 ? { task: 'image-classification' } : null);
      },
    });
    expect(asked).toEqual([['task'], ['labels', 'preprocess']]);
    expect(faultOf(built).params['missing']).toMatch(/^--labels .*--preprocess /u);
  });
});

describe('what is refused before anything runs', () => {
  const external = (location: string) =>
    write(
      'model.onnx',
      model({
        inputs: [{ name: 'x', elem: 1, dims: [2] }],
        outputs: [{ name: 'y', elem: 1, dims: [2] }],
        initializers: [externalTensor('layer.1', { location })],
      }),
    );
  const floats = (shape: readonly (number | string)[]) =>
    write('model.onnx', identityModel('float32', shape));
  const cases: readonly (readonly [string, () => BuildRequest, string, RegExp])[] = [
    ['a model that is not there', () => requestFor('/nowhere/model.onnx'), 'file-not-found', /model\.onnx/u],
    ['a model that is none', () => requestFor(write('odd.onnx', 'odd')), 'onnx-unreadable', /odd\.onnx/u],
    [
      'an id with capitals',
      () => requestFor(colours, { answers: { ...photoAnswers, id: 'Made Here' } }),
      'usage',
      /--id Made Here/u,
    ],
    [
      'a preset that nobody knows',
      () => requestFor(colours, { answers: { ...photoAnswers, preprocess: 'tv' } }),
      'usage',
      /torchvision/u,
    ],
    [
      'a preset that prepares no photo',
      () => requestFor(colours, { answers: { ...photoAnswers, preprocess: 'skl2onnx' } }),
      'usage',
      /prepares no photo/u,
    ],
    [
      'labels that are too few',
      () =>
        requestFor(colours, { answers: { ...photoAnswers, labels: write('labels.txt', 'red\ngreen\n') } }),
      'onnx-unfit',
      /logits has 3 values, and there are 2 labels/u,
    ],
    [
      'labels that are not there',
      () => requestFor(colours, { answers: { ...photoAnswers, labels: '/nowhere/labels.txt' } }),
      'file-not-found',
      /labels\.txt/u,
    ],
    [
      'labels with a hole',
      () => requestFor(colours, { answers: { ...photoAnswers, labels: write('labels.txt', 'red\n\nblue') } }),
      'file-unfit',
      /entry 1 has no name/u,
    ],
    [
      'photos for a model that takes none',
      () =>
        requestFor(floats(['N', 4]), {
          answers: { ...photoAnswers, labels: join(exportsFolder, 'iris.txt') },
        }),
      'onnx-unfit',
      /3 × height × width/u,
    ],
    [
      'an output that is no tensor',
      () =>
        requestFor(write('model.onnx', model({ inputs: [{ name: 'x', elem: 17, dims: [1] }], outputs: [] }))),
      'onnx-unfit',
      /float8e4m3fn/u,
    ],
    [
      'an input of no shape',
      () =>
        requestFor(write('model.onnx', model({ inputs: [{ name: 'x', elem: 1, dims: null }], outputs: [] }))),
      'onnx-unfit',
      /input x has no shape/u,
    ],
    [
      'a variant with another face',
      () =>
        requestFor(floats(['N', 4]), {
          variants: [{ name: 'int8', file: write('other.onnx', identityModel('int8', ['N', 4])) }],
        }),
      'onnx-unfit',
      /x int8/u,
    ],
    [
      'weights that are not beside it',
      () => requestFor(external('w.bin')),
      'onnx-external-data',
      /layer\.1/u,
    ],
    ['weights above it', () => requestFor(external('../w.bin')), 'onnx-external-outside', /\.\.\/w\.bin/u],
    ['weights anywhere', () => requestFor(external('/etc/passwd')), 'onnx-external-outside', /passwd/u],
    [
      'two samples of one name',
      () => {
        const folder = tempFolder();
        for (const half of ['a', 'b']) {
          mkdirSync(join(folder, half));
          writeFileSync(join(folder, half, 'rows.json'), half);
        }
        return requestFor(floats(['N', 4]), {
          samples: ['a', 'b'].map((half) => ({ file: join(folder, half, 'rows.json'), title: half })),
        });
      },
      'pack-path-clash',
      /samples\/rows\.json/u,
    ],
    [
      'an evaluation that is no JSON',
      () => requestFor(floats(['N', 4]), { evaluation: write('evaluation.json', 'good') }),
      'file-unfit',
      /evaluation\.json/u,
    ],
    [
      'steps that are none',
      () =>
        requestFor(colours, {
          answers: { ...photoAnswers, preprocess: write('steps.json', '[{"op":"blur"}]') },
        }),
      'file-unfit',
      /steps\.json/u,
    ],
    [
      'an app that is older than this one may be',
      () => requestFor(floats(['N', 4]), { minimumApp: '99.0.0' }),
      'pack-app-too-old',
      /99\.0\.0/u,
    ],
    [
      'an embedding that is no output',
      () => requestFor(floats(['N', 4]), { embedding: 'features' }),
      'onnx-unfit',
      /features/u,
    ],
  ];
  it.each(cases)('%s', async (_what, request, code, meaning) => {
    const fault = await refusal(request());
    expect(fault).toMatchObject({ code, message: expect.stringMatching(meaning) as string });
  });
});

describe('what is refused because it was run', { timeout: 60_000 }, () => {
  const refusedByRunning = async (request: BuildRequest) => {
    const fault = faultOf(await buildPack(request, { openRunner: await realRunner() }));
    expect(readdirSync(dirname(request.out))).toEqual([]);
    return fault;
  };
  const plain = (op: string) =>
    write(
      'model.onnx',
      onnxModel({
        nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
        inputs: [{ name: 'x', type: 'float32', shape: ['N', 2] }],
        outputs: [{ name: 'y', type: 'float32', shape: ['N', 2] }],
      }),
    );
  const rows = {
    kind: 'tensors',
    name: 'Rows',
    tensors: [{ name: '', type: 'float32', dims: [1, 2], data: new Uint8Array(8) }],
  } as const;

  it('a model that ONNX Runtime does not load', async () => {
    expect((await refusedByRunning(requestFor(plain('NoSuchOperator')))).code).toBe('model-rejected');
  });
  it('free dimensions with which it does not run, asking for a real input', async () => {
    const model = onnxModel({
      nodes: [{ op: 'Reshape', inputs: ['x', 'to'], outputs: ['y'] }],
      inputs: [{ name: 'x', type: 'float32', shape: [1, 'n'] }],
      outputs: [{ name: 'y', type: 'float32', shape: [7, 11] }],
      constants: [{ name: 'to', type: 'int64', dims: [2], values: [7, 11] }],
    });
    const fault = await refusedByRunning(requestFor(write('model.onnx', model)));
    expect(fault.code).toBe('onnx-untried');
    expect(`${fault.message} ${fault.hint}`).toMatch(/1, 64, 224.*--golden/u);
  });
  it('a model that answers otherwise each time', async () => {
    const fault = await refusedByRunning(requestFor(plain('RandomNormalLike'), { golden: [rows] }));
    expect(fault).toMatchObject({ code: 'golden-failed', params: { failed: 1, total: 1 } });
  });
  it('a golden tensor of another shape', async () => {
    const tensors = [{ ...rows.tensors[0], dims: [2, 1] }];
    const fault = await refusedByRunning(requestFor(plain('Relu'), { golden: [{ ...rows, tensors }] }));
    expect(fault.code).toBe('input-invalid');
  });
  it('logits that are called probabilities', async () => {
    const fault = await refusedByRunning(
      requestFor(colours, {
        answers: photoAnswers,
        scores: 'probabilities',
        samples: [{ file: join(efficientnet, 'samples/chelsea.png'), title: 'A cat' }],
      }),
    );
    expect(fault).toMatchObject({
      code: 'onnx-unfit',
      message: expect.stringContaining('--scores') as string,
    });
  });
  it('a photo among the golden samples of a model that takes none', async () => {
    const file = join(efficientnet, 'samples/chelsea.png');
    const fault = await refusedByRunning(
      requestFor(plain('Relu'), { golden: [{ kind: 'picture', name: 'A cat', file }] }),
    );
    expect(fault.code).toBe('task-mismatch');
  });
  it('nothing of it when all is well', async () => {
    const request = requestFor(plain('Relu'), { golden: [rows] });
    const built = await buildPack(request, { openRunner: await realRunner() });
    expect(built.ok && built.value.golden).toBe(1);
    expect(readFileSync(request.out).subarray(0, 2).toString()).toBe('PK');
  });
});
