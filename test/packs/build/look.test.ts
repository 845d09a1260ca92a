import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookAt } from '../../../main/packs/build/index.ts';
import type { Answers } from '../../../main/packs/build/index.ts';
import { readGraph } from '../../../main/packs/graph/read.ts';
import { exportsFolder, efficientnet, meaning } from './fixture.ts';

const colours = join(exportsFolder, 'colours-pytorch.onnx');
const photo = { ...meaning, task: 'image-classification' };

async function look(model: string, answers: Answers, more: { labelsText?: string } = {}) {
  const graph = await readGraph(model);
  if (!graph.ok) throw new Error(graph.fault.message);
  return lookAt({ model, answers, ...more }, graph.value);
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
});
