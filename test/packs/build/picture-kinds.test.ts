import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../../main/worker/decoder.ts';
import { openSession } from '../../../main/worker/session.ts';
import { sharpDecoder } from '../../../main/worker/sharp-decoder.ts';
import { taskInput } from '../../../main/worker/task-input.ts';
import { openTask } from '../../../main/worker/tasks/index.ts';
import { vipsDecoder } from '../../../main/worker/vips-decoder.ts';
import { readGraph } from '../../../main/packs/index.ts';
import { unpack } from '../../../main/packs/build/index.ts';
import { decide, missingAnswers } from '../../../main/packs/build/decide.ts';
import { factsOf } from '../../../main/packs/build/facts.ts';
import { noteText } from '../../../main/packs/build/notes.ts';
import type { BuildRequest } from '../../../main/packs/build/index.ts';
import { boxesIn, nmsIn } from '../../../contract/packs/detection-steps.ts';
import { labelled } from '../../fixtures/labelled.ts';
import { appVersion, openPack, tempFolder } from '../fixture.ts';
import { build, meaning, requestFor } from './fixture.ts';

/* Graphs and answers by Python alone: test/fixtures/picture-kinds/build.py. */
const folder = join(import.meta.dirname, '../../fixtures/picture-kinds');
const photo = join(folder, 'photo.png');
const { labels, answers } = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')) as {
  readonly labels: readonly string[];
  readonly answers: Readonly<
    Record<string, { readonly scores: readonly number[]; readonly scoreKind?: 'independent-logits' }>
  >;
};
const kinds = Object.keys(answers);
const tolerance = (kind: string): number => (kind === 'float16' ? 0.002 : 2e-5);

function requestOf(kind: string, more: Partial<BuildRequest> = {}): BuildRequest {
  const hasLabels = kind.startsWith('metadata');
  return requestFor(join(folder, `${kind}.onnx`), {
    ...(hasLabels ? {} : { labelsText: labels.join('\n') }),
    ...more,
    answers: {
      ...meaning,
      ...(hasLabels ? {} : { labels: 'labels.txt' }),
      task: 'image-classification',
      preprocess: 'unit',
      ...more.answers,
    },
  });
}

async function decided(request: BuildRequest) {
  const graph = await readGraph(request.model);
  if (!graph.ok) throw new Error(graph.fault.message);
  const facts = factsOf(graph.value);
  const made = await decide(request, facts);
  if (!made.ok) throw new Error(made.fault.message);
  const { inputs, outputs } = graph.value;
  return { ...made.value, facts, inputs, outputs };
}
type Decided = Awaited<ReturnType<typeof decided>>;

async function answer(decoder: Decoder, model: string, made: Decided) {
  const spec = {
    modelFile: model,
    provider: 'cpu' as const,
    threads: 1,
    task: made.task,
    outputs: made.outputs as never,
    preprocessing: made.preprocessing,
    postprocessing: made.postprocessing,
    labels: made.labels ?? [],
    embedding: null,
    ...(made.threshold !== null && { threshold: made.threshold }),
  };
  const session = await openSession(spec);
  if (!session.ok) throw new Error(session.fault.message);
  const task = openTask({ session: session.value, spec, file: 'model.onnx' });
  if (!task.ok) throw new Error(task.fault.message);
  const bytes = readFileSync(made.task === 'object-detection' ? patches : photo);
  const { input } = taskInput({ decoder, bytes, name: 'photo.png' });
  const result = await task.value!.answer(input, { top: 100 });
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}

/** Scores in the order of the labels. */
const scoresOf = (result: Awaited<ReturnType<typeof answer>>): readonly number[] =>
  labelled(result)
    .predictions.toSorted((a, b) => a.index - b.index)
    .map(({ score }) => score);

const decoders = { sharp: Promise.resolve(sharpDecoder()), 'wasm-vips': vipsDecoder() };
const direct = kinds.filter((kind) => answers[kind]!.scoreKind === undefined);

describe.each(['sharp', 'wasm-vips'] as const)('by %s', (name) => {
  it.each(direct)('%s gives what Python gives', async (kind) => {
    const request = requestOf(kind);
    const made = await decided(request);
    expect(made.labels?.map(({ name }) => name)).toEqual(labels);
    const scores = scoresOf(await answer(await decoders[name], request.model, made));
    expect(scores).toHaveLength(labels.length);
    for (const [at, score] of scores.entries())
      expect(Math.abs(score - answers[kind]!.scores[at]!)).toBeLessThan(tolerance(kind));
  });

  it('a detector that takes bytes finds what it finds in numbers from 0 to 1', async () => {
    const request = requestOf('uint8-detector', {
      labelsText: 'red\ngreen\nblue',
      answers: { task: 'object-detection', preprocess: 'yolo' },
    });
    const made = await decided(request);
    const result = await answer(await decoders[name], request.model, made);
    if (result.task !== 'object-detection') throw new Error(result.task);
    expect([boxesIn(made.postprocessing)?.from.layout, nmsIn(made.postprocessing)?.iou]).toEqual([
      'columns',
      0.45,
    ]);
    const wanted = detections.find(
      ({ graph, fit, picture }) => graph === 'columns' && fit === 'centre' && picture === 'small.png',
    )!;
    const found = result.detections.filter(({ score }) => score >= 0.2);
    expect(found.map(({ label }) => label)).toEqual(wanted.detections.map(({ label }) => label));
    for (const [at, { score, box }] of wanted.detections.entries()) {
      expect(found[at]!.score).toBeCloseTo(score, 3);
      for (const [side, value] of box.entries())
        expect(Math.abs(found[at]!.box[side]! - value)).toBeLessThan(1);
    }
  });
});
const detectors = join(import.meta.dirname, '../../fixtures/detectors');
const patches = join(detectors, 'small.png');
const detections = JSON.parse(readFileSync(join(detectors, 'answers.json'), 'utf8')) as readonly {
  readonly graph: string;
  readonly fit: string;
  readonly picture: string;
  readonly detections: readonly {
    readonly label: string;
    readonly score: number;
    readonly box: readonly number[];
  }[];
}[];

describe('what pack build says and asks', () => {
  it.each([
    ['uint8-nhwc', /Input x is uint8: it is given the pixels from 0 to 255/u],
    ['int8-nchw', /Input x is int8: it is given the pixels from -128 to 127/u],
    ['luma-nchw', /Input x has one channel: it is given the luma/u],
    ['no-batch-chw', /Input x has no dimension for items/u],
    ['fixed-batch', /Input x takes 3 items at a time/u],
    ['metadata-python', /Its labels are the 5 names in the file's metadata \(id2label\)/u],
  ])('of %s', async (kind, note) => {
    const { facts, notes } = await decided(requestOf(kind));
    expect([...facts.notes, ...notes].map(noteText).join('\n')).toMatch(note);
  });

  it('labels of the metadata are not asked for, and others are taken before them', async () => {
    const { facts } = await decided(requestOf('metadata-labels'));
    expect(missingAnswers({}, facts, { labels: 5 }).map(({ question }) => question)).not.toContain('labels');
    const own = await decided({ ...requestOf('metadata-labels'), labelsText: 'a\nb\nc\nd\ne' });
    expect(own.labels?.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each([
    ['luma-nchw', 'torchvision', /input x has one channel/u],
    ['luma-nhw', 'nanodet', /input x has one channel/u],
  ])('a preset of three colours does not fit the one channel of %s', async (kind, preprocess, why) => {
    await expect(decided(requestOf(kind, { answers: { preprocess } }))).rejects.toThrow(why);
  });

  it('what may be a table stays raw tensors until a person says otherwise', async () => {
    const { facts } = await decided(requestOf('luma-hw'));
    expect(facts.task).toBe('tensor');
    expect((await decided(requestOf('uint8-nhwc'))).facts.task).toBeNull();
  });
});

describe('packs by the whole engine', () => {
  it.each(['uint8-nhwc', 'luma-hw', 'sigmoid', 'sigmoid-logits'])(
    '%s keeps golden answers that are those of Python',
    async (kind) => {
      const scores = answers[kind]!.scoreKind;
      const request = requestOf(kind, {
        golden: [{ kind: 'picture', name: 'photo', file: photo }],
        ...(scores && { scores }),
      });
      const built = await build(request);
      expect(built.golden).toBe(1);
      const pack = join(tempFolder(), 'pack');
      await unpack(request.out, pack, appVersion);
      const { library, pack: opened } = await openPack(pack);
      const golden = await library.golden(opened);
      const [first] = golden.ok && golden.value ? golden.value.cases : [];
      if (first?.kind !== 'picture') throw new Error('no golden photo');
      for (const { index, score } of first.expected[0]!.top)
        expect(Math.abs(score - answers[kind]!.scores[index]!)).toBeLessThan(2e-5);
      const end = built.manifest.postprocessing.map(({ op }) => op);
      expect(end).toEqual(kind === 'sigmoid-logits' ? ['sigmoid', 'top-k'] : ['top-k']);
    },
  );
});
