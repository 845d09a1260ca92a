import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failed, fault, Fault, whyOf } from '../../../contract/faults/faults.ts';
import { allOf, detail, reason, reasonAt, reasonText } from '../../../contract/faults/reasons.ts';

const root = path.resolve(import.meta.dirname, '../../..');

describe('a reason', () => {
  it('is a row of the table with its blanks filled, and reads in English as ever', () => {
    expect(reasonText(reason('bytes-of-text', { bytes: 45 }))).toBe('45 bytes of text');
    expect(reasonText(reason('cut-off', { bytes: 45_010 }))).toBe(
      'the file ends after 45,010 bytes, before the picture does',
    );
    const twice = reason('there-twice', { name: 'scores' });
    expect(reasonText(allOf([reasonAt('outputs.1.name', twice), reason('division-by-zero')]))).toBe(
      'outputs.1.name: scores is there twice; division by zero',
    );
  });

  it('crosses every border as plain data', () => {
    const why = fault('pack-unreadable', {
      pack: 'birds',
      reason: reasonAt('a.onnx', reason('permission-denied')),
    });
    expect(Fault.parse(JSON.parse(JSON.stringify(why)))).toEqual(why);
    expect(why.params).toEqual({ pack: 'birds', reason: 'a.onnx: permission denied' });
    expect(whyOf(why)).toEqual(reasonAt('a.onnx', reason('permission-denied')));
  });

  it('cannot be a free sentence: neither in a fault, nor as what somebody else said, nor with a blank left open', () => {
    const output: string = new Error('what the system says').message;
    // @ts-expect-error A sentence of Outpost's own is a row of the table.
    failed('file-unreadable', { file: 'a', reason: 'it may not be read' });
    // @ts-expect-error Built from pieces it is one all the same.
    failed('file-unreadable', { file: 'a', reason: `it is larger than ${output.length} bytes` });
    // @ts-expect-error The words of what differs are reasons too.
    failed('trust-digest', { file: 'a', what: 'the length' });
    // @ts-expect-error Nobody else said this.
    detail('it may not be read');
    // @ts-expect-error Nor this.
    detail(`it has ${output.length} bytes`);
    // @ts-expect-error Its blank is open.
    reason('bytes-of-text');
    // @ts-expect-error There is no such row.
    reason('because');
    expect(reasonText(detail(output))).toBe('what the system says');
  });
});

describe('words for clients alone', () => {
  const files = readdirSync(path.join(root, 'main'), { recursive: true, encoding: 'utf8' })
    .map((name) => `main/${name.split(path.sep).join('/')}`)
    .filter((name) => name.endsWith('.ts'));
  const text = (name: string): string => readFileSync(path.join(root, name), 'utf8');

  it('are made only where no window listens', () => {
    const users = files.filter((name) => /\bclientReason\b/u.test(text(name)));
    expect(users.length).toBeGreaterThan(10);
    const allowed = /^main\/(?:cli|feed|queue|http|prefork)\//u;
    expect(users.filter((name) => !allowed.test(name))).toEqual([]);
    // The window's own API switch shows these.
    const shown = ['main/http/server/address/listen-at.ts', 'main/http/server/address/socket-file.ts'];
    expect(users.filter((name) => shown.includes(name))).toEqual([]);
  });

  it('are not smuggled in as what somebody else said', () => {
    const smuggled = files.filter((name) => /\bdetail\(\s*(?:String\(\s*)?['"`]/u.test(text(name)));
    expect(smuggled).toEqual([]);
  });
});
