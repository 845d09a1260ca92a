import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namedPlace, runNames } from '../../../main/engine/runs/run-names.ts';

const at = (...steps: string[]): string => join('/media', 'card', ...steps);

describe('how a run calls its files', () => {
  it('is the way below the one folder that was given', () => {
    const name = runNames([`${at('DCIM')}/`]);
    expect(name(at('DCIM', '100', 'IMG_1.JPG'))).toBe('100/IMG_1.JPG');
    expect(name(at('DCIM', 'IMG_1.JPG'))).toBe('IMG_1.JPG');
    expect(name(at('DCIM'))).toBe('DCIM');
  });

  it('begins with the folder’s own name where several were given; a file that was named has its own alone', () => {
    const name = runNames([at('A'), at('B'), at('c.jpg')]);
    expect(name(at('A', '1', 'x.jpg'))).toBe('A/1/x.jpg');
    expect(name(at('B', 'x.jpg'))).toBe('B/x.jpg');
    expect(name(at('c.jpg'))).toBe('c.jpg');
  });

  it('below the root of everything, and from nowhere', () => {
    expect(runNames(['/'])('/media/x.jpg')).toBe('media/x.jpg');
    expect(runNames([])('/media/x.jpg')).toBe('x.jpg');
  });

  it('is taken apart again', () => {
    expect(namedPlace('100/2/IMG_1.JPG')).toEqual({ folder: '100/2', name: 'IMG_1.JPG' });
    expect(namedPlace('IMG_1.JPG')).toEqual({ folder: '', name: 'IMG_1.JPG' });
  });
});
