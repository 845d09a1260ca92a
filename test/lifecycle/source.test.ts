import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { sourceOf } from '../../main/lifecycle/index.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder();

it('every client takes a path for the same source', async () => {
  mkdirSync(path.join(place, 'feed', 'metadata'), { recursive: true });
  mkdirSync(path.join(place, 'plain'));
  mkdirSync(path.join(place, 'unpacked.outpost'));
  for (const name of ['survey.outpost', 'renamed.bin']) writeFileSync(path.join(place, name), '');
  const kinds = await Promise.all(
    ['feed', 'plain', 'unpacked.outpost', 'survey.outpost', 'renamed.bin', 'absent.outpost', 'absent'].map(
      async (name) => [name, (await sourceOf(path.join(place, name))).kind],
    ),
  );
  expect(Object.fromEntries(kinds)).toEqual({
    feed: 'folder',
    plain: 'folder',
    'unpacked.outpost': 'folder',
    'survey.outpost': 'bundle',
    'renamed.bin': 'bundle',
    'absent.outpost': 'bundle',
    absent: 'folder',
  });
  expect(await sourceOf('https://example.org/feed')).toEqual({
    kind: 'http',
    address: 'https://example.org/feed',
  });
});
