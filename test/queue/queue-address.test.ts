import { describe, expect, it } from 'vitest';
import { parseQueueAddress } from '../../main/queue/queue-address.ts';

describe('the address of a queue', () => {
  it.each([
    ['redis://host', 'redis://host:6379/0?name=outpost'],
    ['redis://host:6380/3?name=night', 'redis://host:6380/3?name=night'],
    ['rediss://me:p%40ss@host', 'rediss://host:6379/0?name=outpost'],
    ['redis://:secret@[::1]:7000/', 'redis://[::1]:7000/0?name=outpost'],
  ])('%s is shown without its password', (text, shown) => {
    const place = parseQueueAddress(text);
    expect(place.ok && place.value.shown).toBe(shown);
  });

  it('holds what a client needs', () => {
    const place = parseQueueAddress('rediss://me:p%40ss@[::1]/2');
    expect(place.ok && place.value).toMatchObject({
      host: '::1',
      port: 6379,
      db: 2,
      username: 'me',
      password: 'p@ss',
      isTls: true,
    });
  });

  it.each([
    'host:6379',
    'http://host',
    'redis://',
    'redis://:secret@host/x',
    'redis://:secret@host?nome=x',
    'redis://host?name=a:b',
    'redis://host?name=',
  ])('%s is refused, without its password', (text) => {
    const place = parseQueueAddress(text);
    expect(place.ok).toBe(false);
    expect(JSON.stringify(place)).not.toContain('secret');
  });
});
