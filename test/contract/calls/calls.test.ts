import { describe, expect, it } from 'vitest';
import { callNames, calls } from '../../../contract/calls/calls.ts';
import { failed, fault, Fault, faultCodes, faultTable } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { resultMethod, canonicalResultKey } from '../../../contract/runs/result-key.ts';
import { defaultSettings, Settings, SettingsPatch } from '../../../contract/settings.ts';

describe('the call table', () => {
  it('names each call place.verb and gives it at least one client', () => {
    for (const name of callNames) {
      expect(name).toMatch(/^[a-z]+\.[a-zA-Z]+$/u);
      expect(calls[name].clients.length).toBeGreaterThan(0);
    }
  });

  it('takes paths through the preload alone', () => {
    const takesPath = callNames.filter((name) => {
      const shape = (calls[name].in as { shape?: Record<string, unknown> }).shape ?? {};
      return Object.keys(shape).some((key) => /path/iu.test(key));
    });
    expect(takesPath).toEqual(['files.adopt']);
    expect(calls['files.adopt'].clients).toEqual(['preload']);
  });

  it('refuses a reference that is not one', () => {
    expect(
      calls['predict.one'].in.safeParse({
        ref: '../../etc/passwd',
        model: 'efficientnet-lite0',
        request: '1',
      }).success,
    ).toBe(false);
    expect(
      calls['predict.one'].in.safeParse({ ref: 'f1', model: 'efficientnet-lite0', request: '1', extra: 1 })
        .success,
    ).toBe(false);
    expect(
      calls['predict.one'].in.safeParse({ ref: 'f1', model: 'efficientnet-lite0@1.0.0', request: '1' })
        .success,
    ).toBe(true);
  });
});

describe('the fault table', () => {
  it.each(faultCodes)('%s says what happened and the way on, and is plain data', (code) => {
    const row = faultTable[code];
    const names = [...(row.message + row.hint).matchAll(/\{(\w+)\}/gu)].map(([, name]) => name!);
    const full = fault(
      code,
      Object.fromEntries(names.map((name) => [name, name === 'advice' ? 'Do so.' : 'x'])),
    );
    expect(full.message).not.toMatch(/[{}]/u);
    expect(full.hint).toMatch(/\.$/u);
    expect(`${full.message} ${full.hint}`).not.toMatch(/oops|something went wrong|\bwe\b/iu);
    expect(Fault.parse(JSON.parse(JSON.stringify(full)))).toEqual(full);
    expect([1, 2, 130]).toContain(row.exit);
    expect(row.http).toBeGreaterThanOrEqual(400);
  });

  it('fills names in', () => {
    const outcome = failed('image-unreadable', {
      file: 'a.jpg',
      reason: reason('cut-off', { bytes: 45_010 }),
    });
    expect(outcome).toMatchObject({
      ok: false,
      fault: {
        message: 'a.jpg could not be read: the file ends after 45,010 bytes, before the picture does.',
      },
    });
  });
});

describe('result key', () => {
  const parts = { input: 'sha256:1', pack: 'sha256:2', variant: 'fp32', provider: 'cpu', settings: 's' };

  it('does not depend on the order of the parts, and on every part', () => {
    const turned = Object.fromEntries(Object.entries(parts).reverse()) as typeof parts;
    expect(canonicalResultKey(turned)).toBe(canonicalResultKey(parts));
    const keys = new Set(Object.keys(parts).map((name) => canonicalResultKey({ ...parts, [name]: 'other' })));
    expect(keys.size).toBe(5);
  });

  it('depends on how answers are made, and names what was made before that was counted as it did then', () => {
    const before = '{"input":"sha256:1","pack":"sha256:2","provider":"cpu","settings":"s","variant":"fp32"}';
    expect(canonicalResultKey({ ...parts, method: 0 })).toBe(before);
    expect(canonicalResultKey({ ...parts, method: resultMethod })).toBe(canonicalResultKey(parts));
    expect(new Set([0, 1, 2].map((method) => canonicalResultKey({ ...parts, method }))).size).toBe(3);
    expect(canonicalResultKey(parts)).not.toBe(before);
  });
});

describe('settings', () => {
  it('has defaults that are valid, and patches that change only what they name', () => {
    expect(Settings.parse(defaultSettings)).toEqual(defaultSettings);
    expect(SettingsPatch.parse({ theme: 'dark' })).toEqual({ theme: 'dark' });
    expect(SettingsPatch.safeParse({ theme: 'pink' }).success).toBe(false);
    expect(SettingsPatch.safeParse({ telemetry: true }).success).toBe(false);
  });
});
