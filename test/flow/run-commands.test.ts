import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { LabelCount } from '../../contract/runs/run.ts';
import { newFolder } from '../temp/folder.ts';
import { outpost, plantPhotos } from './cli-process.ts';

const listOf = async (data: string): Promise<readonly { readonly id: string; readonly state: string }[]> =>
  JSON.parse((await outpost(['run', 'list', '--json', '--data', data])).out) as [];

test('a list on standard input is a run: it is stored whole, gone on with by its id, shown and removed', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const photos = plantPhotos(path.join(folder, 'photos'), 6);
  const twin = path.join(folder, 'twin.jpg');
  copyFileSync(photos[0]!, twin);
  const list = [...photos, path.join(folder, 'none.jpg'), twin];
  const started = await outpost(['run', 'start', '-', '--null', '--data', data], { input: list.join('\0') });
  expect(started.code).toBe(2);
  const id = (await listOf(data))[0]?.id ?? '';

  const status = await outpost(['run', 'status', id, '--json', '--data', data]);
  expect([status.code, JSON.parse(status.out)]).toMatchObject([
    0,
    {
      id,
      title: 'Standard input',
      state: 'done',
      counts: { found: 8, answered: 7, faults: 1 },
      duplicates: 1,
      reasons: [{ code: 'file-not-found', count: 1 }],
    },
  ]);
  const { labels } = JSON.parse(status.out) as { labels: LabelCount[] };
  expect(labels.reduce((sum, { count }) => sum + count, 0)).toBe(7);
  const shown = await outpost(['run', 'status', id, '--data', data]);
  const [head, twice, , ...lines] = shown.out.trimEnd().split('\n');
  expect([head, twice]).toEqual(['done, 8 of 8, 1 fault', '1 with the same content as another']);
  expect(lines[0]).toBe('Seen');
  for (const each of labels)
    expect(lines).toContainEqual(
      expect.stringMatching(
        new RegExp(`^${each.label} +${each.count} +${each.count - each.duplicates} without duplicates$`, 'u'),
      ),
    );
  expect(lines.at(-2)).toBe('Not answered');
  expect(lines.at(-1)).toMatch(/^file-not-found {2}1 {2}.*none\.jpg/u);
  // The list is known without being read again.
  writeFileSync(list[6]!, 'no photo');
  const retried = await outpost(['run', 'retry', id, '--data', data]);
  expect(retried.code).toBe(2);
  expect(retried.out).not.toContain('file-not-found');

  const refused = await outpost(['run', 'remove', id, '--data', data]);
  expect([refused.code, refused.error]).toEqual([1, expect.stringContaining('--yes')]);
  const removed = await outpost(['run', 'remove', id, '--yes', '--json', '--data', data]);
  expect([removed.code, JSON.parse(removed.out)]).toEqual([0, { removed: id }]);
  expect(await listOf(data)).toEqual([]);
  const acts = ['status', 'resume', 'pause', 'stop', 'retry', 'remove'];
  const unknown = await Promise.all(
    acts.map((act) => outpost(['run', act, id, ...(act === 'remove' ? ['--yes'] : []), '--data', data])),
  );
  expect(unknown.map(({ code, error }) => [code, error])).toEqual(
    acts.map(() => [1, expect.stringContaining('run-not-found')]),
  );
}, 120_000);

test('a run, or a watch, of nothing that is there does not begin, and says what is missing and the way on', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const none = path.join(folder, 'card', 'DCIM');
  for (const act of [
    ['run', 'start', none, path.join(folder, 'none.jpg')],
    ['watch', none],
  ]) {
    const { code, out, error } = await outpost([...act, '--data', data]);
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain(`${none} is not there.`);
    expect(error).toContain('put the card or stick back');
  }
  expect(await listOf(data)).toEqual([]);

  const [photo = ''] = plantPhotos(path.join(folder, 'photos'), 1);
  const partly = await outpost(['run', 'start', none, photo, '--data', data]);
  expect(partly.code).toBe(2);
  expect(partly.out).toContain('file-not-found');
  expect(await listOf(data)).toMatchObject([{ state: 'done', counts: { answered: 1, faults: 1 } }]);
}, 120_000);
