import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hasCode, messageOf, stackOf } from '../../main/lib/error-text.ts';

it('whatever is thrown has a text, and only errors of the system have its codes', () => {
  const bug = new TypeError('odd');
  expect(messageOf(bug)).toBe('odd');
  expect(messageOf('only words')).toBe('only words');
  expect(messageOf(null)).toBe('null');
  expect(stackOf(bug)).toContain('error-text.test.ts');
  delete bug.stack;
  expect(stackOf(bug)).toBe('TypeError: odd');
  expect(stackOf(undefined)).toBe('undefined');
  let missing: unknown = null;
  try {
    readFileSync('/no/such/file');
  } catch (error) {
    missing = error;
  }
  expect(hasCode(missing, 'EACCES', 'ENOENT')).toBe(true);
  expect(hasCode(missing, 'EACCES')).toBe(false);
  expect(hasCode({ code: 'ENOENT' }, 'ENOENT')).toBe(false);
});
