import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DetectionResult } from '../../../../contract/tasks/object-detection.ts';
import { Manifest } from '../../../../contract/packs/manifest.ts';
import type { GoldenSet } from '../../../../contract/packs/manifest.ts';
import { unpack } from '../../../../main/packs/build/index.ts';
import type { BuildRequest } from '../../../../main/packs/build/index.ts';
import { families, type Family } from '../../../fixtures/detectors/steps.ts';
import { inLong } from '../../../long.ts';
import { appVersion, faultOf, modelsFolder, tempFolder } from '../../fixture.ts';
import { build, buildWithoutRunning, meaning, realRunner, requestFor } from '../fixture.ts';

const detectors = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'detectors');
const shipped = join(modelsFolder, 'camera-triage');
const sheet = join(shipped, 'golden', 'sheet-416.png');

const labels = (...names: readonly string[]): string => {
  const file = join(tempFolder(), 'labels.txt');
  writeFileSync(file, names.join('\n'));
  return file;
};
const asked = (model: string, { answers, ...more }: Partial<BuildRequest>): BuildRequest =>
  requestFor(model, { ...more, answers: { ...meaning, task: 'object-detection', ...answers } });
const photo = (file: string) => [{ kind: 'picture', name: 'a photo', file }] as const;

async function unpacked({ out }: BuildRequest): Promise<string> {
  const folder = join(tempFolder(), 'pack');
  const done = await unpack(out, folder, appVersion);
  if (!done.ok) throw new Error(done.fault.message);
  return folder;
}
const manifestOf = (folder: string): Manifest =>
  Manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
const goldenOf = (folder: string): GoldenSet['cases'] =>
  (JSON.parse(readFileSync(join(folder, 'golden/golden.json'), 'utf8')) as GoldenSet).cases;
const boxesOf = (cases: GoldenSet['cases']) =>
  cases.flatMap((each) => (each.kind === 'boxes' ? each.expected.flatMap((one) => one.detections) : []));

async function withPack<T>(
  folder: string,
  work: (runner: Awaited<ReturnType<Awaited<ReturnType<typeof realRunner>>>>) => Promise<T>,
): Promise<T> {
  const { id, version } = manifestOf(folder);
  const runner = await (await realRunner())({ folder, ref: `${id}@${version}`, variant: 'fp32' });
  try {
    return await work(runner);
  } finally {
    await runner.close();
  }
}
const answerOf = (folder: string): Promise<DetectionResult> =>
  withPack(folder, async (runner) => {
    const answer = await runner.predict(sheet, 'fp32');
    if (!answer.ok) throw new Error(answer.fault.message);
    return DetectionResult.parse(answer.value);
  });

/** Faces of MediaPipe's full-range model: 192 pixels, letterboxed on black, -1 to 1. */
const facesSteps = {
  preprocessing: [
    { op: 'decode', background: [255, 255, 255] },
    { op: 'letterbox', width: 192, height: 192, kernel: 'cubic', colour: [0, 0, 0], at: 'centre' },
    { op: 'normalize', mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] },
    { op: 'layout', input: 'pixels', order: 'NCHW', channels: 'RGB' },
  ],
};
const nanodet = (answers: BuildRequest['answers'] = {}): BuildRequest =>
  asked(join(shipped, 'nanodet-g.onnx'), {
    golden: photo(sheet),
    answers: {
      labels: labels('animal', 'person', 'vehicle'),
      preprocess: 'nanodet',
      form: 'corners',
      ...answers,
    },
  });

describe('a bare detector of a known answer', { timeout: 120_000 }, () => {
  it('becomes a pack that finds what the shipped one finds, and that its golden gate holds to it', async () => {
    const request = nanodet();
    const { manifest, golden } = await build(request);
    expect([manifest.task, golden, manifest.thresholds]).toEqual([
      'object-detection',
      1,
      { unsure: 0.5, shown: 0.5 },
    ]);
    const folder = await unpacked(request);
    expect(manifest.preprocessing).toEqual(manifestOf(shipped).preprocessing);
    const [own, known] = [await answerOf(folder), await answerOf(shipped)];
    const counted = ({ detections }: DetectionResult) => detections.filter(({ score }) => score >= 0.5);
    expect(counted(own).map(({ label }) => label)).toEqual(['animal', 'person', 'animal', 'person']);
    expect({ ...own, detections: counted(own) }).toEqual({ ...known, detections: counted(known) });
    expect(boxesOf(goldenOf(folder))).toHaveLength(4);

    const gate = (
      change: (box: ReturnType<typeof boxesOf>[number]) => void,
      steps: (manifest: Manifest) => void = () => undefined,
      relabel: (text: string) => string = (text) => text,
    ) => {
      const files = ['golden/golden.json', 'manifest.json', manifest.labels!].map((name) =>
        join(folder, name),
      );
      const before = files.map((file) => readFileSync(file));
      const cases = goldenOf(folder);
      boxesOf(cases).forEach(change);
      const changed = manifestOf(folder);
      const write = (name: string, text: string) => {
        const bytes = Buffer.from(text);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        Object.assign(
          changed.files.find(({ path }) => path === name)!,
          { size: bytes.length, sha256 },
        );
        writeFileSync(join(folder, name), bytes);
      };
      write('golden/golden.json', JSON.stringify({ cases }));
      write(manifest.labels!, relabel(before[2]!.toString()));
      steps(changed);
      writeFileSync(files[1]!, JSON.stringify(changed));
      return withPack(folder, (runner) => runner.golden()).finally(() =>
        files.forEach((file, at) => writeFileSync(file, before[at]!)),
      );
    };
    const passed = async (result: ReturnType<typeof gate>) => {
      const checked = await result;
      if (!checked.ok) throw new Error(checked.fault.message);
      return checked.value.cases.map((each) => [each.name, each.passed]);
    };
    expect(await passed(gate(() => undefined))).toEqual([['a photo', true]]);
    const shift = (by: number) => (one: { box: number[] }) => {
      one.box = one.box.map((side) => side + by);
    };
    expect(await passed(gate(shift(1)))).toEqual([['a photo', true]]);
    expect(await passed(gate(shift(10)))).toEqual([['a photo', false]]);
    const permuted = gate((one) => {
      one.index = (one.index + 1) % 3;
    });
    expect(await passed(permuted)).toEqual([['a photo', false]]);
    const exchanged = (text: string): string =>
      text.replaceAll('animal', '?').replaceAll('person', 'animal').replaceAll('?', 'person');
    expect(await passed(gate(() => undefined, undefined, exchanged))).toEqual([['a photo', false]]);
    const swapped = gate(
      () => undefined,
      ({ preprocessing }) =>
        preprocessing.forEach((step) => step.op === 'layout' && Object.assign(step, { channels: 'RGB' })),
    );
    expect(await passed(swapped)).toEqual([['a photo', false]]);
  });

  it.each([
    [
      'the 80 kinds of COCO',
      join(shipped, 'nanodet-g.onnx'),
      join(shipped, 'samples', 'sheet.jpg'),
      {
        labels: join(detectors, 'coco-labels.json'),
        preprocess: 'nanodet',
        output: 'scores',
        form: 'corners',
      },
      ['person', 'cat'],
    ],
    [
      'faces',
      join(detectors, '..', 'faces', 'faces.onnx'),
      join(shipped, 'samples', 'grace_hopper.jpg'),
      { labels: 'face', preprocess: 'faces.json', form: 'corners' },
      ['face'],
    ],
  ] as const)('packs %s by the same recipe', async (_, model, golden, answers, found) => {
    const steps = join(tempFolder(), 'faces.json');
    writeFileSync(steps, JSON.stringify(facesSteps));
    const request = asked(model, {
      golden: photo(golden),
      answers: {
        ...answers,
        ...(answers.labels === 'face' && { labels: labels('face') }),
        ...(answers.preprocess === 'faces.json' && { preprocess: steps }),
      },
    });
    const { manifest } = await build(request);
    expect(manifest.task).toBe('object-detection');
    const folder = await unpacked(request);
    const names = boxesOf(goldenOf(folder)).map(({ label }) => label);
    expect(names).toEqual(expect.arrayContaining([...found]));
  });

  it('is asked for its form where two fit, and never guessed', async () => {
    const { code, message } = faultOf(await buildWithoutRunning(nanodet({ form: undefined })));
    expect(code).toBe('pack-incomplete');
    expect(message).toMatch(/--form \(the form in which the outputs give boxes: corners \(.*rt-detr \(/u);
    expect(message).not.toContain('--output');
  });

  it('is refused for labels that it has no scores for, and for a form that it does not have', async () => {
    const two = faultOf(
      await buildWithoutRunning(nanodet({ labels: labels('animal', 'person'), form: undefined })),
    );
    expect([two.code, two.params['field']]).toEqual(['onnx-unfit', 'labels']);
    expect(two.message).toMatch(/triage \(N × 3549 × 3\).* scores for 2 labels/u);
    const form = faultOf(await buildWithoutRunning(nanodet({ form: 'yolo' })));
    expect([form.code, form.params['field']]).toEqual(['onnx-unfit', 'form']);
    const unknown = faultOf(await buildWithoutRunning(nanodet({ form: 'anything' })));
    expect(unknown.message).toContain('tensorflow, torchvision, yolo-nms');
  });

  it('is no detector where no output gives boxes', async () => {
    const classifier = join(modelsFolder, 'efficientnet-lite0', 'efficientnet-lite0.onnx');
    const { code, message } = faultOf(
      await buildWithoutRunning(
        asked(classifier, { answers: { labels: labels('a', 'b'), preprocess: 'yolo' } }),
      ),
    );
    expect(code).toBe('onnx-unfit');
    expect(message).toContain('give boxes in no form that is known');
  });
});

describe('each form of boxes, from a bare graph', { timeout: 120_000 }, () => {
  type Found = { readonly label: string; readonly score: number; readonly box: readonly number[] };
  type Answer = { graph: string; fit: string; picture: string; detections: Found[] };
  const answers = JSON.parse(readFileSync(join(detectors, 'answers.json'), 'utf8')) as Answer[];
  const colours = ['red', 'green', 'blue'];
  const others = (Object.keys(families) as Family[]).filter((family) => family !== 'apart');
  // In the usual run each third: what is made of the others is tested by the worker's families, and that they are known by recognise-boxes.
  const some = others.filter((_, at) => at % inLong(1, 3) === 0);
  it.each(some)('%s finds what an independent program finds', async (family) => {
    const request = asked(join(detectors, `${family}.onnx`), {
      golden: photo(join(detectors, 'small.png')),
      answers: { labels: labels(...colours), preprocess: 'yolo' },
    });
    const { manifest, notes } = await build(request);
    const { shown = 0 } = manifest.thresholds ?? {};
    const wanted = answers
      .find(({ graph, fit, picture }) => graph === family && fit === 'centre' && picture === 'small.png')
      ?.detections.filter(({ score }) => score >= shown);
    const found = boxesOf(goldenOf(await unpacked(request)));
    expect(notes).toEqual([]);
    expect(found.length).toBeGreaterThan(3);
    expect(found.map(({ index }) => colours[index])).toEqual(wanted?.map(({ label }) => label));
    found.forEach(({ box }, at) =>
      box.forEach((side, which) => expect(Math.abs(side - wanted![at]!.box[which]!)).toBeLessThan(0.2)),
    );
  });
});
