import { describe, expect, it } from 'vitest';
import {
  AppTarget,
  isMetadataFile,
  parseTargetName,
  targetName,
  targetPath,
} from '../../../contract/lifecycle/feed.ts';
import type { TargetCustom } from '../../../contract/lifecycle/feed.ts';

const pack = {
  kind: 'pack',
  id: 'a-b',
  version: '1.0.0-rc.1+x',
  digest: `sha256:${'1'.repeat(64)}`,
  title: '',
  summary: '',
  licence: '',
  unpackedSize: 0,
  note: '',
  channels: [],
  staging: 100,
  minimumAppVersion: '0.1.0',
  publishedAt: '2026-11-22T10:00:00Z',
} satisfies TargetCustom;
const app = {
  kind: 'app',
  version: '0.5.0',
  platform: 'linux-x64',
  file: 'Outpost-0.5.0.AppImage',
  note: '',
  publishedAt: '2026-11-22T10:00:00Z',
} satisfies TargetCustom;
const blockmap = { kind: 'blockmap', of: targetName(pack) } satisfies TargetCustom;
const sha256 = 'a1'.repeat(32);

describe('names of targets', () => {
  it.each([
    [pack, 'a-b/a-b-1.0.0-rc.1+x.outpack'],
    [blockmap, 'a-b/a-b-1.0.0-rc.1+x.outpack.blockmap'],
    [app, 'app/Outpost-0.5.0.AppImage'],
  ] as const)('of a $kind are written and read alike', (custom, name) => {
    expect(targetName(custom)).toBe(name);
    const [folder, file] = name.split('/');
    expect(parseTargetName(name)).toEqual({ folder, file });
    expect(targetPath(name, sha256)).toBe(`targets/${folder}/${sha256}.${file}`);
  });

  it.each([
    'a/b-1.0.0.outpack',
    'a/a-1.0.0.zip',
    'a',
    'a/',
    '/a-1.0.0.outpack',
    'a/../a-1.0.0.outpack',
    'app/a..b',
    'app/x ',
  ])('are no others: %j', (name) => {
    expect(parseTargetName(name)).toBeNull();
    expect(targetPath(name, sha256)).toBeNull();
  });

  it.each(['', 'a1', 'A1'.repeat(32), `../${sha256}`])('stand behind a SHA-256 alone: %j', (hash) => {
    expect(targetPath(targetName(pack), hash)).toBeNull();
  });

  it.each(['a..b', 'Outpost.', '.Outpost', 'a/b'])(
    'of an installer are refused to the publisher as to the device: %j',
    (file) => {
      expect(AppTarget.safeParse({ ...app, file }).success).toBe(false);
      expect(parseTargetName(`app/${file}`)).toBeNull();
    },
  );
});

it('files of metadata have exactly the names that The Update Framework gives them', () => {
  expect(['1.root.json', '7.snapshot.json', 'targets.json', 'timestamp.json'].every(isMetadataFile)).toBe(
    true,
  );
  expect(['0.root.json', '1.timestamp.json', 'root.json/..', '../root.json'].some(isMetadataFile)).toBe(
    false,
  );
});
