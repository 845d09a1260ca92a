import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedFile, sharedName } from '../../main/queue/shared-path.ts';
import { newFolder } from '../temp/folder.ts';

const place = realpathSync(newFolder('shared'));
const root = join(place, 'root');
mkdirSync(join(root, 'in'), { recursive: true });
mkdirSync(join(place, 'root-beside'));
writeFileSync(join(root, 'in', 'a.jpg'), 'a');
writeFileSync(join(root, '..a.jpg'), 'a');
writeFileSync(join(place, 'out.jpg'), 'a');
writeFileSync(join(place, 'root-beside', 'b.jpg'), 'a');
symlinkSync(join(place, 'out.jpg'), join(root, 'leads-out.jpg'));
symlinkSync(place, join(root, 'up'));
symlinkSync(join(root, 'in', 'a.jpg'), join(root, 'stays.jpg'));

describe('a file below the granted root', () => {
  it.each([
    ['in/a.jpg', 'in/a.jpg'],
    ['..a.jpg', '..a.jpg'],
    ['stays.jpg', 'in/a.jpg'],
    ['in/../in/a.jpg', 'in/a.jpg'],
  ])('%s is found', async (path, real) => {
    expect(await sharedFile(root, path)).toEqual({ ok: true, value: join(root, real) });
  });

  it.each([
    '../out.jpg',
    '../root-beside/b.jpg',
    'in/../../out.jpg',
    join(place, 'out.jpg'),
    join(root, 'in', 'a.jpg'),
    'leads-out.jpg',
    'up/out.jpg',
    'a\0.jpg',
    '.',
    'none.jpg',
  ])('%j is not there', async (path) => {
    expect(await sharedFile(root, path)).toMatchObject({ ok: false, fault: { code: 'file-not-found' } });
  });

  it('is named by its place, and only there', async () => {
    expect(await sharedName(root, join(root, 'in', 'a.jpg'))).toBe('in/a.jpg');
    expect(await sharedName(root, join(place, 'out.jpg'))).toBeNull();
    expect(await sharedName(root, join(root, 'leads-out.jpg'))).toBeNull();
  });
});
