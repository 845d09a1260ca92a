// Photos on which a detector finds and a classifier names, through the command line as an installed Outpost has it.
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../temp/folder.ts';
import { outpost, photo, root } from './cli-process.ts';

const place = newFolder('naming');
const sample = (name: string): string => path.join(root, 'models', 'camera-names', 'samples', name);
const card = path.join(place, 'card');
const predict = (...args: readonly string[]): ReturnType<typeof outpost> =>
  outpost(['predict', '--data', path.join(place, 'data'), '--model', 'camera-names', ...args]);

type Called = { readonly label: string; readonly score: number };
type Printed = {
  readonly cached: boolean;
  readonly result: {
    readonly task: string;
    readonly detections: readonly (Called & { readonly group: Called; readonly name: Called | null })[];
  };
};
const recordsOf = (out: string): readonly Printed[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Printed);
const cellsOf = (out: string): readonly (readonly string[])[] =>
  out
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/u).map((cell) => cell.replace(/^"(.*)"$/u, '$1')),
    );

let records: readonly Printed[];
beforeAll(async () => {
  mkdirSync(card);
  copyFileSync(sample('sheet.jpg'), path.join(card, 'a.jpg'));
  copyFileSync(photo('brick.png'), path.join(card, 'b.png'));
  const first = await predict(card);
  expect(first).toMatchObject({ code: 0 });
  records = recordsOf(first.out);
});

describe('outpost predict with a detector and a classifier', () => {
  it('writes JSON Lines with the group and the name of each box', () => {
    const [sheet, empty] = records;
    expect(sheet!.result.task).toBe('detect-classify');
    expect(Object.keys(sheet!.result.detections[0]!)).toEqual([
      'index',
      'label',
      'score',
      'box',
      'group',
      'name',
    ]);
    expect(sheet!.result.detections.map(({ group, name }) => [group.label, name !== null])).toEqual([
      ['animal', true],
      ['person', false],
      ['animal', true],
      ['person', false],
    ]);
    expect(sheet!.result.detections[0]).toMatchObject({
      label: 'Egyptian cat',
      name: { label: 'Egyptian cat' },
    });
    expect(empty!.result.detections).toEqual([]);
  });

  it('prints a table with the counts by name, and empty', async () => {
    const { out, code } = await predict('--format', 'table', card);
    expect(code).toBe(0);
    const [, second] = [...new Set(records[0]!.result.detections.map(({ label }) => label))];
    expect(second).toBe('person');
    expect(out).toMatch(/a\.jpg +1 Egyptian cat +\d\d\.\d % {2}█/u);
    expect(out).toMatch(/2 people +8\d\.\d %/u);
    expect(out).toMatch(/b\.png +empty\n$/u);
  });

  it('writes CSV with name and group, a row for each photo or for each box', async () => {
    const [head, sheet, empty, ...rest] = cellsOf((await predict('--format', 'csv', card)).out);
    expect(head!.slice(1, 9)).toEqual([
      'label',
      'score',
      'group',
      'groupScore',
      'count',
      'counts',
      'width',
      'height',
    ]);
    const [best] = records[0]!.result.detections;
    expect([sheet![1], Number(sheet![2]), sheet![3], Number(sheet![4]), sheet![5]]).toEqual([
      best!.label,
      best!.score,
      'animal',
      best!.group.score,
      '4',
    ]);
    expect(sheet![6]).toContain('1 Egyptian cat');
    expect(empty!.slice(1, 7)).toEqual(['empty', '', '', '', '0', '']);
    expect(rest).toEqual([]);

    const [boxHead, ...boxes] = cellsOf((await predict('--rows', 'boxes', card)).out);
    const column = (name: string): readonly string[] => boxes.map((cells) => cells[boxHead!.indexOf(name)]!);
    expect(column('rank')).toEqual(['1', '2', '3', '4', '']);
    expect(column('group')).toEqual(['animal', 'person', 'animal', 'person', '']);
    expect(column('name')).toEqual([
      ...records[0]!.result.detections.map(({ name }) => name?.label ?? ''),
      '',
    ]);
    expect(column('nameScore').map(Number)).toEqual([
      ...records[0]!.result.detections.map(({ name }) => name?.score ?? 0),
      0,
    ]);
    const [left, right] = [column('left'), column('right')].map((sides) => Number(sides[0]));
    expect(left! < right! && right! <= 1280).toBe(true);
  });

  it('moves the threshold of the detector without a new run, and keeps thorough answers apart', async () => {
    const high = recordsOf((await predict('--threshold', '0.75', card)).out);
    expect(high.map(({ cached, result }) => [cached, result.detections.length])).toEqual([
      [true, 2],
      [true, 0],
    ]);
    const [thorough] = recordsOf((await predict('--thorough', path.join(card, 'a.jpg'))).out);
    expect(thorough!.cached).toBe(false);
    expect(thorough!.result.detections).not.toEqual(records[0]!.result.detections);
  });

  it('says that the pack takes no tensors', async () => {
    const { code, error } = await predict(
      '--tensors',
      path.join(root, 'models/tensor-demo/samples/four-rows.json'),
    );
    expect([code, error]).toEqual([expect.any(Number), expect.stringMatching(/\[[a-z-]+\]$/mu)]);
    expect(code).not.toBe(0);
  });
});
