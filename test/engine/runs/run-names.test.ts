import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namedPlace, runName } from '../../../main/engine/runs/run-names.ts';

const at = (...steps: string[]): string => join('/media', 'card', ...steps);

describe('how a run calls its files', () => {
  it('is the way below the one folder that was given', () => {
    expect(runName({ path: at('DCIM', '100', 'IMG_1.JPG'), below: '100/IMG_1.JPG' }, false)).toBe(
      '100/IMG_1.JPG',
    );
    expect(runName({ path: at('DCIM', 'IMG_1.JPG'), below: 'IMG_1.JPG' }, false)).toBe('IMG_1.JPG');
    expect(runName({ path: at('DCIM'), below: '' }, false)).toBe('DCIM');
  });

  it('begins with the folder’s own name where several were given; a file that was named has its own alone', () => {
    expect(runName({ path: at('A', '1', 'x.jpg'), below: '1/x.jpg' }, true)).toBe('A/1/x.jpg');
    expect(runName({ path: at('B', 'x.jpg'), below: 'x.jpg' }, true)).toBe('B/x.jpg');
    expect(runName({ path: at('c.jpg'), below: '' }, true)).toBe('c.jpg');
  });

  it('below the root of everything', () => {
    expect(runName({ path: '/media/x.jpg', below: 'media/x.jpg' }, false)).toBe('media/x.jpg');
    expect(runName({ path: '/media/x.jpg', below: 'media/x.jpg' }, true)).toBe('media/x.jpg');
  });

  it('is taken apart again', () => {
    expect(namedPlace('100/2/IMG_1.JPG')).toEqual({ folder: '100/2', name: 'IMG_1.JPG' });
    expect(namedPlace('IMG_1.JPG')).toEqual({ folder: '', name: 'IMG_1.JPG' });
  });
});
