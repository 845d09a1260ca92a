import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { previewBuild, readModel } from '../../../main/packs/build/index.ts';
import type { Answers, PackDraft } from '../../../main/packs/build/index.ts';
import { exportsFolder, efficientnet, meaning } from './fixture.ts';

const colours = join(exportsFolder, 'colours-pytorch.onnx');
const photo = { ...meaning, task: 'image-classification' };

async function look(model: string, answers: Answers, more: Partial<PackDraft> = {}) {
  const read = (file: string) => readModel(more, file);
  const graph = await read(model);
  if (!graph.ok) throw new Error(graph.fault.message);
  const draft = { model, answers, as: 'fp32', variants: [], providers: ['cpu'], ...more } as const;
  return previewBuild(draft, graph.value, read);
}
const open = ({ questions }: Awaited<ReturnType<typeof look>>, state = 'missing') =>
  questions.flatMap((each) => (each.state === state ? [each.question] : []));

describe('a form for a bare model', () => {
  it('raises the questions of a build, with names made of the file’s as suggestions', async () => {
    const empty = await look(colours, {});
    expect(open(empty)).toEqual([
      'task',
      'id',
      'version',
      'title',
      'summary',
      'licence',
      'labels',
      'preprocess',
    ]);
    const suggested = Object.fromEntries(empty.questions.map((each) => [each.question, each.suggestion]));
    expect(suggested).toMatchObject({ id: 'colours-pytorch', title: 'Colours pytorch', summary: null });
    expect(empty.faults).toEqual([]);
  });

  it('tells a wrong answer from a missing one, and goes on with the others', async () => {
    const form = await look(colours, { ...photo, id: 'Not So', preprocess: 'torchvision' });
    expect([open(form, 'wrong'), open(form)]).toEqual([['id'], ['labels']]);
    expect(form.steps?.map(({ op }) => op)).toEqual([
      'decode',
      'crop-centre',
      'resize',
      'normalize',
      'layout',
    ]);
  });

  it('puts a fault at the field that it is about', async () => {
    const form = await look(colours, { ...photo, labels: 'text' }, { labelsText: 'red\ngreen' });
    expect(form.faults.map(({ field, fault }) => [field, fault.code])).toEqual([['labels', 'onnx-unfit']]);
    const fit = await look(colours, { ...photo, labels: 'text' }, { labelsText: 'red\ngreen\nblue' });
    expect([fit.faults, fit.labels?.count, fit.scored?.output]).toEqual([[], 3, 'logits']);
  });

  it('asks for the output only once the labels leave it in doubt, and takes no silence for a fault', async () => {
    const model = join(efficientnet, 'efficientnet-lite0.onnx');
    const form = await look(model, { ...photo, preprocess: 'efficientnet-lite' });
    expect([form.faults, open(form)]).toEqual([[], ['labels']]);
    expect(form.steps).not.toBeNull();
  });

  it('names a variant that is not the same model, and one that is given twice, at its field', async () => {
    const read = async (variants: PackDraft['variants']) =>
      (await look(colours, photo, { variants })).faults.map(({ field, fault }) => [field, fault.message]);
    const iris = join(exportsFolder, 'iris.onnx');
    expect(await read([{ name: 'int8', file: iris }])).toEqual([
      ['variant', expect.stringMatching(/iris\.onnx/u)],
    ]);
    expect(await read([{ name: 'fp32', file: iris }])).toEqual([
      ['variant', expect.stringMatching(/fp32 is given twice/u)],
    ]);
    expect(await read([{ name: 'fp16', file: colours }])).toEqual([
      ['variant', expect.stringMatching(/colours-pytorch\.onnx is given twice/u)],
    ]);
    expect(await read([{ name: 'int8', file: join(exportsFolder, 'none.onnx') }])).toEqual([
      ['variant', expect.stringMatching(/none\.onnx/u)],
    ]);
  });

  it('names an output that is not there for the feature vector, and measured quality that is no object', async () => {
    const evaluation = join(exportsFolder, 'colours.txt');
    const form = await look(colours, photo, { embedding: 'pooled', evaluation });
    expect(form.faults.map(({ field }) => field)).toEqual(['embedding', 'evaluation']);
  });
});
