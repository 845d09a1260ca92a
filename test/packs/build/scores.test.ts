import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGoldenFolder } from '../../../main/cli/pack/golden-files.ts';
import { buildPack, unpack } from '../../../main/packs/build/index.ts';
import type { BuildRequest } from '../../../main/packs/build/index.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import type { Node, Value } from '../../fixtures/onnx-builder.ts';
import { appVersion, faultOf, openPack, tempFolder } from '../fixture.ts';
import { build, buildWithoutRunning, exportsFolder, realRunner, requestFor, meaning } from './fixture.ts';

/* Classifiers by hand: the mean of each channel decides, so that a red photo is `red`. */
const means: readonly Node[] = [
  { op: 'GlobalAveragePool', inputs: ['x'], outputs: ['pooled'] },
  { op: 'Flatten', inputs: ['pooled'], outputs: ['means'] },
];
const softmax: Node = { op: 'Softmax', inputs: ['means'], outputs: ['y'] };
const map: readonly Node[] = [
  { op: 'Neg', inputs: ['pooled'], outputs: ['negative'] },
  { op: 'Exp', inputs: ['negative'], outputs: ['map'] },
];
const row = (name: string): Value => ({ name, type: 'float32', shape: ['N', 3] });
const mapOutput: Value = { name: 'map', type: 'float32', shape: ['N', 3, 1, 1] };

function classifier(nodes: readonly Node[], outputs: readonly Value[]): string {
  const file = join(tempFolder(), 'model.onnx');
  const x: Value = { name: 'x', type: 'float32', shape: ['N', 3, 32, 32] };
  writeFileSync(file, onnxModel({ nodes: [...means, ...nodes], inputs: [x], outputs }));
  return file;
}

const photos = async () => {
  const read = await readGoldenFolder(join(exportsFolder, 'colours-pytorch'));
  if (!read.ok) throw new Error(read.fault.message);
  return read.value.inputs;
};
const labels = (): string => {
  const file = join(tempFolder(), 'labels.txt');
  writeFileSync(file, 'red\ngreen\nblue\n');
  return file;
};
const request = (model: string, more: Partial<BuildRequest> = {}) =>
  requestFor(model, {
    ...more,
    answers: {
      ...meaning,
      task: 'image-classification',
      labels: labels(),
      preprocess: 'unit',
      ...more.answers,
    },
  });

/** The first label and the sum of all scores for each golden photo of the finished pack. */
async function goldenOf({ out }: BuildRequest) {
  const folder = join(tempFolder(), 'pack');
  const unpacked = await unpack(out, folder, appVersion);
  if (!unpacked.ok) throw new Error(unpacked.fault.message);
  const { library, pack } = await openPack(folder);
  const golden = await library.golden(pack);
  return (golden.ok && golden.value ? golden.value.cases : []).map((each) => {
    if (each.kind !== 'picture') throw new Error('not a picture');
    const { top } = each.expected[0]!;
    return {
      file: each.file,
      first: ['red', 'green', 'blue'][top[0]!.index]!,
      sum: top.reduce((sum, { score }) => sum + score, 0),
    };
  });
}

async function refusal(asked: BuildRequest) {
  const fault = faultOf(await buildPack(asked, { openRunner: await realRunner() }));
  expect(readdirSync(dirname(asked.out))).toEqual([]);
  return fault;
}

describe('the scored output among several', { timeout: 60_000 }, () => {
  const classNumber: readonly Node[] = [
    softmax,
    { op: 'ArgMax', inputs: ['means'], outputs: ['cls'], attributes: { axis: 1, keepdims: 0 } },
  ];
  const cases: readonly (readonly [string, () => string])[] = [
    ['a map', () => classifier([...map, softmax], [mapOutput, row('y')])],
    [
      'a class number',
      () => classifier(classNumber, [{ name: 'cls', type: 'int64', shape: ['N'] }, row('y')]),
    ],
    [
      'a label in text',
      () =>
        classifier(
          [...classNumber, { op: 'Cast', inputs: ['cls'], outputs: ['text'], attributes: { to: 8 } }],
          [{ name: 'text', type: 'string', shape: ['N'] }, row('y')],
        ),
    ],
  ];
  it.each(cases)('is found behind %s, and its answers are the golden ones', async (_what, model) => {
    const asked = request(model(), { golden: await photos() });
    const { manifest } = await build(asked);
    expect(manifest.postprocessing).toEqual([{ op: 'top-k', k: 3, output: 'y' }]);
    for (const { file, first, sum } of await goldenOf(asked)) {
      expect(file).toContain(first);
      expect(sum).toBeCloseTo(1, 3);
    }
  });

  const twoHeads = () =>
    classifier(
      [
        { op: 'Identity', inputs: ['means'], outputs: ['feature'] },
        { op: 'Neg', inputs: ['means'], outputs: ['scores'] },
      ],
      [row('feature'), row('scores')],
    );

  it('is asked for where two could be it, with both and a suggestion, once the labels are known', async () => {
    const { code, message } = faultOf(await buildWithoutRunning(request(twoHeads())));
    expect(code).toBe('pack-incomplete');
    expect(message).toMatch(
      /--output .*feature \(float32, N × 3, .*scores \(float32, N × 3, Neg\); scores\?/u,
    );
    const questions: string[][] = [];
    await buildPack(requestFor(twoHeads(), { answers: { ...meaning, task: 'image-classification' } }), {
      openRunner: () => Promise.reject(new Error('nothing was to be run')),
      ask: (missing) => {
        questions.push(missing.map(({ question }) => question));
        return Promise.resolve(questions.length === 1 ? { labels: labels(), preprocess: 'unit' } : null);
      },
    });
    expect(questions).toEqual([['labels', 'preprocess'], ['output']]);
  });

  it('is the one that was named, and no other', async () => {
    const asked = request(twoHeads(), {
      golden: await photos(),
      scores: 'logits',
      answers: { output: 'feature' },
    });
    expect((await build(asked)).manifest.postprocessing[0]).toEqual({ op: 'softmax', output: 'feature' });
    for (const { file, first } of await goldenOf(asked)) expect(file).toContain(first);
    const wrong = faultOf(await buildWithoutRunning(request(twoHeads(), { answers: { output: 'nothing' } })));
    expect(wrong.message).toMatch(/output nothing cannot hold scores; these can: feature .*scores/u);
  });
});

describe('what the scores are', { timeout: 60_000 }, () => {
  it('no softmax is applied to what comes out of one, whatever form it was given', async () => {
    const asked = request(
      classifier([softmax, { op: 'Identity', inputs: ['y'], outputs: ['same'] }], [row('same')]),
    );
    expect((await build(asked)).manifest.postprocessing).toEqual([{ op: 'top-k', k: 3, output: 'same' }]);
  });

  const byHand = () =>
    classifier(
      [
        { op: 'Exp', inputs: ['means'], outputs: ['powers'] },
        { op: 'ReduceSum', inputs: ['powers'], outputs: ['sum'] },
        { op: 'Div', inputs: ['powers', 'sum'], outputs: ['shares'] },
      ],
      [row('shares')],
    );

  it('a distribution that no operator gives away is seen, said, and never put through a softmax', async () => {
    const built = await build(request(byHand(), { golden: await photos() }));
    expect(built.manifest.postprocessing).toEqual([{ op: 'top-k', k: 3, output: 'shares' }]);
    expect(built.notes.join(' ')).toContain('no softmax is applied');
    const stated = await refusal(request(byHand(), { golden: await photos(), scores: 'logits' }));
    expect(stated).toMatchObject({ code: 'onnx-unfit' });
    expect(stated.message).toMatch(/shares gives .* for 0-blue\.png, a distribution already: --scores prob/u);
  });

  it('values that are no distribution are refused as probabilities, with what they are', async () => {
    const only = classifier(map, [mapOutput]);
    const stated = await refusal(request(only, { golden: await photos(), scores: 'probabilities' }));
    expect(stated.message).toMatch(/output map gives .* together, and probabilities are 1 together/u);
    const unsaid = await refusal(request(only, { golden: await photos() }));
    expect(unsaid.message).toMatch(/may be anything: --scores says which/u);
  });

  it('several labels at once have scores of their own', async () => {
    const sigmoid = classifier([{ op: 'Sigmoid', inputs: ['means'], outputs: ['y'] }], [row('y')]);
    const built = await build(request(sigmoid, { golden: await photos() }));
    expect(built.manifest.postprocessing).toEqual([{ op: 'top-k', k: 3, output: 'y', independent: true }]);
    const stated = await refusal(request(sigmoid, { golden: await photos(), scores: 'probabilities' }));
    expect(stated.message).toContain('--scores independent');
  });

  it('without a photo zeros are run, and tell as much', async () => {
    const stated = await refusal(request(classifier(map, [mapOutput]), { scores: 'probabilities' }));
    expect(stated.message).toMatch(/output map gives 1, 1, 1 for zeros, 3 together/u);
  });
});
