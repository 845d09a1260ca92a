import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../temp/folder.ts';
import { outpost, photo, root } from './cli-process.ts';

const place = newFolder('detection');
const sample = (name: string): string => path.join(root, 'models', 'camera-triage', 'samples', name);
const card = path.join(place, 'card');
const predict = (...args: readonly string[]): ReturnType<typeof outpost> =>
  outpost(['predict', '--data', path.join(place, 'data'), '--model', 'camera-triage', ...args]);

type Printed = {
  readonly input: string;
  readonly cached: boolean;
  readonly result: {
    readonly task: string;
    readonly width: number;
    readonly height: number;
    readonly detections: readonly { label: string; score: number; box: readonly number[] }[];
  };
};
const recordsOf = (out: string): readonly Printed[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Printed);

beforeAll(async () => {
  mkdirSync(card);
  copyFileSync(sample('sheet.jpg'), path.join(card, 'a.jpg'));
  copyFileSync(photo('brick.png'), path.join(card, 'b.png'));
  expect((await predict(card)).code).toBe(0);
});

describe('outpost predict with a detector', () => {
  it('prints counts for each label, and empty', async () => {
    const { out, code } = await predict('--format', 'table', card);
    expect(code).toBe(0);
    expect(out).toMatch(
      /a\.jpg +2 animals +8\d\.\d % {2}█+▏?.*\n +2 people +8\d\.\d %.*\n.*b\.png +empty\n$/su,
    );
  });

  it('writes JSON Lines with the boxes on the photo, those of the threshold that is asked for, without a new run', async () => {
    const [sheet, empty] = recordsOf((await predict(card)).out);
    expect(Object.keys(sheet!.result)).toEqual(['task', 'width', 'height', 'detections']);
    expect(sheet!.result).toMatchObject({ task: 'object-detection', width: 1280, height: 960 });
    expect(Object.keys(sheet!.result.detections[0]!)).toEqual(['index', 'label', 'score', 'box']);
    expect(sheet!.result.detections.map(({ label }) => label).sort()).toEqual([
      'animal',
      'animal',
      'person',
      'person',
    ]);
    expect(empty!.result.detections).toEqual([]);
    const counts = async (...how: readonly string[]): Promise<readonly number[]> => {
      const records = recordsOf((await predict(...how, card)).out);
      expect(records.every(({ cached }) => cached)).toBe(true);
      return records.map(({ result }) => result.detections.length);
    };
    expect(await counts('--threshold', '0.75')).toEqual([2, 0]);
    const [many] = await counts('--threshold', '0');
    expect(many).toBeGreaterThan(4);
    expect(await counts('--threshold', '0', '--top', '3')).toEqual([3, expect.any(Number)]);
  });

  it('writes CSV with a row for each photo, or for each box', async () => {
    const rowsOf = async (...how: readonly string[]): Promise<readonly string[][]> =>
      (await predict(...how, card)).out
        .trimEnd()
        .split('\r\n')
        .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/u));
    const [head, sheet, empty, ...rest] = await rowsOf('--format', 'csv');
    expect(head!.slice(0, 7)).toEqual(['input', 'label', 'score', 'count', 'counts', 'width', 'height']);
    expect(sheet!.slice(3, 7)).toEqual(['4', '"2 animals, 2 people"', '1280', '960']);
    expect(empty!.slice(1, 7)).toEqual(['empty', '', '0', '', '512', '512']);
    expect(rest).toEqual([]);
    const [boxHead, ...boxes] = await rowsOf('--rows', 'boxes');
    expect(boxHead!.slice(0, 11)).toEqual(
      'input,rank,index,label,score,left,top,right,bottom,width,height'.split(','),
    );
    expect(boxes.map((cells) => [path.basename(cells[0]!), cells[1]])).toEqual([
      ['a.jpg', '1'],
      ['a.jpg', '2'],
      ['a.jpg', '3'],
      ['a.jpg', '4'],
      ['b.png', ''],
    ]);
    const [left, top, right, bottom] = boxes[0]!.slice(5, 9).map(Number) as [number, number, number, number];
    expect(left < right && top < bottom && right <= 1280 && bottom <= 960).toBe(true);
  });

  it('says what has no rows of that kind', async () => {
    const other = await predict('--rows', 'words', card);
    expect([other.code, other.error]).toEqual([1, expect.stringContaining('has rows of boxes.')]);
    const classified = await outpost([
      'predict',
      '--data',
      path.join(place, 'data'),
      '--rows',
      'boxes',
      card,
    ]);
    expect([classified.code, classified.error]).toEqual([
      1,
      expect.stringContaining('has rows of one kind alone'),
    ]);
    const lines = await predict('--rows', 'boxes', '--format', 'jsonl', card);
    expect([lines.code, lines.error]).toEqual([1, expect.stringContaining('--rows is a way of writing CSV')]);
  });

  it('keeps thorough answers apart from others, and refuses the option where it means nothing', async () => {
    const asked = async (...how: readonly string[]): Promise<Printed> =>
      recordsOf((await predict(...how, path.join(card, 'a.jpg'))).out)[0]!;
    const first = await asked('--thorough');
    const second = await asked('--thorough');
    const plain = await asked();
    expect([first.cached, second.cached, plain.cached]).toEqual([false, true, true]);
    expect(second.result).toEqual(first.result);
    expect(first.result.detections).not.toEqual(plain.result.detections);
    const classified = await outpost([
      'predict',
      '--data',
      path.join(place, 'data'),
      '--thorough',
      photo('chelsea.png'),
    ]);
    expect(classified.code).toBe(1);
    expect(classified.error).toContain('does image-classification, which does not take the option thorough');
  });
});
