import { describe, expect, it } from 'vitest';
import { pluralOf } from '../../../contract/faults/english-plural.ts';
import { reasonText } from '../../../contract/faults/reasons.ts';
import { tensorFlowTensors } from '../../../contract/tasks/detections.ts';
import { objectDetection, type DetectionResult } from '../../../contract/tasks/object-detection.ts';
import type { TaskManifest } from '../../../contract/tasks/task.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { families, preparation } from '../../fixtures/detectors/steps.ts';

const labels = ['animal', 'person', 'vehicle'];
const one = (index: number, score: number, left = 0): DetectionResult['detections'][number] => ({
  index,
  label: labels[index]!,
  score,
  box: [left, 10, left + 40, 50],
});
const result = (...detections: DetectionResult['detections']): DetectionResult => ({
  task: 'object-detection',
  width: 200,
  height: 100,
  threshold: 0.5,
  detections,
});
const herd = result(one(0, 0.9), one(1, 0.8, 40), one(0, 0.6, 80), one(2, 0.4, 120), one(0, 0.2, 160));
const empty = result(one(0, 0.4));

describe('what stands for a photo', () => {
  it('is the label of its best box above the threshold, with how many there are', () => {
    expect(objectDetection.headline(herd)).toEqual({
      index: 0,
      id: 'animal',
      label: 'animal',
      score: 0.9,
      count: 2,
    });
  });
  it('is nothing where no box reaches the threshold', () => {
    expect(objectDetection.headline(empty)).toBeNull();
  });
});

describe('a list', () => {
  it('shows how many of each label count, and where the best of them are', () => {
    expect(objectDetection.found(herd)).toEqual({
      width: 200,
      height: 100,
      counts: [
        { label: 'animal', count: 2 },
        { label: 'person', count: 1 },
      ],
      boxes: herd.detections.slice(0, 3).map(({ index, box }) => ({ index, box })),
    });
    expect(objectDetection.found(empty)).toMatchObject({ counts: [], boxes: [] });
    const many = result(...Array.from({ length: 60 }, (_, at) => one(at % 2, 0.9)));
    expect(objectDetection.found(many).boxes).toHaveLength(24);
    expect(objectDetection.found(many).counts.map(({ count }) => count)).toEqual([30, 30]);
  });

  it('offers each label once to be confirmed, also those below the threshold', () => {
    expect(objectDetection.candidates(herd).map(({ id, score }) => [id, score])).toEqual([
      ['animal', 0.9],
      ['person', 0.8],
      ['vehicle', 0.4],
    ]);
  });
});

describe('records', () => {
  it("have the boxes from the pack's threshold on, or from another one, without a new run", () => {
    const scores = (threshold?: number) =>
      objectDetection
        .print(herd, threshold === undefined ? {} : { threshold })
        .detections.map(({ score }) => score);
    expect(scores()).toEqual([0.9, 0.8, 0.6]);
    expect(scores(0.3)).toEqual([0.9, 0.8, 0.6, 0.4]);
    expect(scores(0.95)).toEqual([]);
    expect(objectDetection.suffices()).toBe(true);
  });
  it('are what the schema says, and nothing of the pack', () => {
    expect(objectDetection.Printed.parse(objectDetection.print(herd, {}))).toEqual({
      task: 'object-detection',
      width: 200,
      height: 100,
      detections: herd.detections.slice(0, 3),
    });
    expect(objectDetection.Result.parse(herd)).toEqual(herd);
  });
  it('are one row a photo in tables, empty ones too', () => {
    expect(objectDetection.rows(objectDetection.print(herd, {}))).toEqual([
      { label: 'animal', score: 0.9, count: 3, counts: '2 animals, 1 person', width: 200, height: 100 },
    ]);
    expect(objectDetection.rows(objectDetection.print(empty, {}))).toEqual([
      { label: 'empty', score: '', count: 0, counts: '', width: 200, height: 100 },
    ]);
  });
  it('count by label on a terminal', () => {
    expect(objectDetection.lines(objectDetection.print(herd, {}))).toEqual([
      { kind: 'share', label: '2 animals', score: 0.9 },
      { kind: 'share', label: '1 person', score: 0.8 },
    ]);
    expect(objectDetection.lines(objectDetection.print(empty, {}))).toEqual([
      { kind: 'note', text: 'empty' },
    ]);
  });
});

describe('tensors of several photos', () => {
  const of = (
    tensors: readonly { name: string; dims: readonly number[]; values: readonly unknown[] }[],
    name: string,
  ) => tensors.find((each) => each.name === name)!;

  it('have as many rows as the photo with the most boxes, and say how many count', () => {
    const tensors = objectDetection.tensors([herd, empty], 100);
    expect(of(tensors, 'boxes').dims).toEqual([2, 3, 4]);
    expect(of(tensors, 'boxes').values.slice(0, 8)).toEqual([0, 10, 40, 50, 40, 10, 80, 50]);
    expect(of(tensors, 'boxes').values.slice(12)).toEqual(Array.from({ length: 12 }, () => 0));
    expect(of(tensors, 'scores').values).toEqual([0.9, 0.8, 0.6, 0, 0, 0]);
    expect(of(tensors, 'labels').values).toEqual(['animal', 'person', 'animal', '', '', '']);
    expect(of(tensors, 'count')).toMatchObject({ dims: [2], values: [3, 0] });
    expect(tensors.map(({ name }) => name)).toEqual(objectDetection.outputs.map(({ name }) => name));
  });
  it('have no row where nothing was found, and no more than were asked for', () => {
    expect(of(objectDetection.tensors([empty], 100), 'boxes')).toMatchObject({ dims: [1, 0, 4], values: [] });
    expect(of(objectDetection.tensors([herd], 2), 'scores')).toMatchObject({
      dims: [1, 2],
      values: [0.9, 0.8],
    });
    expect(of(objectDetection.tensors([herd], 2), 'count').values).toEqual([2]);
  });
  it("are in TensorFlow's form shares of the photo, top first, with classes from 1 on", () => {
    const tensors = tensorFlowTensors([result(one(2, 0.9, 100))], 100);
    expect(of(tensors, 'detection_boxes')).toMatchObject({ dims: [1, 1, 4], values: [0.1, 0.5, 0.5, 0.7] });
    expect(of(tensors, 'detection_classes').values).toEqual([3]);
    expect(of(tensors, 'num_detections')).toMatchObject({ dims: [1], values: [1] });
  });
});

describe('a manifest that contradicts itself', () => {
  const outputs: [TensorSpec, TensorSpec] = [
    { name: 'boxes', type: 'float32', shape: ['N', 64, 4] },
    { name: 'scores', type: 'float32', shape: ['N', 64, 3] },
  ];
  const right: TaskManifest = {
    inputs: [],
    outputs,
    preprocessing: preparation('centre'),
    postprocessing: [families.apart],
  };
  const why = (change: Partial<TaskManifest>): readonly string[] =>
    objectDetection.findContradictions({ ...right, ...change }).map(reasonText);

  it('does not hide how a photo was decoded: fast and exact answers are kept apart, in a letterbox too', () => {
    const settings = (decode: 'exact' | 'fast'): string =>
      objectDetection.settingsText(right, { decode, thorough: false });
    expect(settings('exact')).toBe('cubic to 64 × 64');
    expect(settings('fast')).toBe('cubic to 64 × 64, fast decode');
  });
  it('is none when all fits', () => {
    expect(why({})).toEqual([]);
    expect(objectDetection.labelled(right, outputs)).toEqual({ output: 'scores', count: 3 });
  });
  it('lacks a step, or has two that exclude each other', () => {
    expect(why({ postprocessing: [] })).toEqual(['postprocessing: object-detection needs the step boxes']);
    expect(why({ preprocessing: [] })).toHaveLength(2);
    const both = [
      ...preparation('centre'),
      { op: 'resize', width: 64, height: 64, kernel: 'cubic' } as const,
    ];
    expect(why({ preprocessing: both })).toEqual([
      'preprocessing: the steps letterbox and resize exclude each other',
    ]);
  });
  it('names outputs that are not there, or hold no numbers of that kind', () => {
    expect(why({ outputs: [outputs[0]] })).toEqual(['postprocessing.0.from: there is no output scores']);
    expect(why({ outputs: [outputs[0], { ...outputs[1], type: 'int64' }] })).toEqual([
      'postprocessing.0.from: scores are floating-point numbers, and output scores is of type int64',
    ]);
  });
  it('names a column of a table twice or not at all', () => {
    const table = {
      ...families.table,
      from: {
        layout: 'table' as const,
        output: 'boxes',
        columns: ['box0', 'box1', 'box2', 'box2', 'score', 'label'] as const,
      },
    };
    expect(why({ postprocessing: [table as never] })).toEqual([
      'postprocessing.0.from.columns: the column box2 has to be there once',
      'postprocessing.0.from.columns: the column box3 has to be there once',
    ]);
  });
  it('tells how many labels the graph scores, without the background', () => {
    const labelled = (step: object, shape: readonly number[]) =>
      objectDetection.labelled({ ...right, postprocessing: [step as never] }, [
        { name: 'logits', shape },
        { name: 'output0', shape },
        { name: 'output', shape },
      ])?.count;
    expect(labelled(families.detr, [1, 100, 92])).toBe(91);
    expect(labelled(families['detr-sigmoid'], [1, 300, 80])).toBe(80);
    expect(labelled(families.columns, [1, 84, 8400])).toBe(80);
    expect(labelled(families.rows, [1, 25200, 85])).toBe(80);
    expect(labelled(families.table, [1, 300, 6])).toBeUndefined();
  });
});

it('says more than one of a thing in English', () => {
  const known = {
    animal: 'animals',
    person: 'people',
    'fire hydrant': 'fire hydrants',
    bus: 'buses',
    fox: 'foxes',
    sheep: 'sheep',
    mouse: 'mice',
    knife: 'knives',
    butterfly: 'butterflies',
    donkey: 'donkeys',
    bench: 'benches',
    'car (rear)': 'car (rear)',
    Person: 'People',
  };
  for (const [label, plural] of Object.entries(known)) expect(pluralOf(label)).toBe(plural);
});
