import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fault } from '../../contract/faults/faults.ts';
import { clientReason } from '../../contract/faults/reasons.ts';
import { DepartureTexts } from '../../contract/lifecycle/departure.ts';
import type { DepartureReport } from '../../contract/lifecycle/departure.ts';
import type { ProviderReport } from '../../contract/serving/status.ts';
import { parsePmset, parseWindows, readPower } from '../../main/lib/power.ts';
import {
  batteryRow,
  clockRow,
  diskRow,
  feedRow,
  goldenRow,
  modelsRow,
  providersRow,
  storeRow,
  trialRow,
} from '../../main/departure/rows.ts';
import { englishTexts, reportPage } from '../../main/departure/report-page.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('power');

type Files = Readonly<Record<string, string>>;
const supplyIn = (folder: string) => (name: string, files: Files) => {
  mkdirSync(join(folder, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`);
};
const supply = supplyIn(folder);

describe('power', () => {
  it('is read from what Linux says, by energy or by charge, and not from a mouse', async () => {
    expect(await readPower('linux', join(folder, 'none'))).toEqual({ kind: 'unknown' });
    supply('AC', { type: 'Mains', online: '1' });
    supply('hid', { type: 'Battery', scope: 'Device', energy_now: '1', energy_full: '1' });
    expect(await readPower('linux', folder)).toEqual({ kind: 'mains' });
    supply('BAT0', {
      type: 'Battery',
      status: 'Discharging',
      energy_now: '30000000',
      energy_full: '50000000',
      power_now: '10000000',
    });
    expect(await readPower('linux', folder)).toEqual({
      kind: 'battery',
      charge: 0.6,
      isCharging: false,
      hoursLeft: 3,
    });
    const chargingWith = async (status: string, online: string): Promise<boolean> => {
      supply('AC', { online });
      supply('BAT0', { status });
      const power = await readPower('linux', folder);
      return power.kind === 'battery' && power.isCharging;
    };
    expect(await readPower('linux', folder)).toMatchObject({ isCharging: false });
    expect(await chargingWith('Charging', '1')).toBe(true);
    expect(await readPower('linux', folder)).toMatchObject({ hoursLeft: null });
    // Held below full by choice, on mains; a charger that is too weak; one of two batteries that rests.
    expect(await chargingWith('Not charging', '1')).toBe(true);
    expect(await chargingWith('Discharging', '1')).toBe(false);
    expect(await chargingWith('Not charging', '0')).toBe(false);
  });

  it('is read of batteries that know their percents alone; an empty bay is none, and one that cannot be read is not empty', async () => {
    const other = newFolder('power');
    const write = supplyIn(other);
    write('BAT0', { type: 'Battery', status: 'Discharging', capacity: '42', current_now: '900000' });
    write('BAT1', { type: 'Battery', status: 'Unknown', present: '0' });
    expect(await readPower('linux', other)).toEqual({
      kind: 'battery',
      charge: 0.42,
      isCharging: false,
      hoursLeft: null,
    });
    write('BAT1', { present: '1' });
    expect(await readPower('linux', other)).toEqual({ kind: 'unknown' });
  });

  it('is read from the words of macOS and Windows', () => {
    const battery = ' -InternalBattery-0 (id=1)\t85%; discharging; 4:30 remaining present: true';
    expect(parsePmset(`Now drawing from 'Battery Power'\n${battery}`)).toEqual({
      kind: 'battery',
      charge: 0.85,
      isCharging: false,
      hoursLeft: 4.5,
    });
    expect(parsePmset("Now drawing from 'AC Power'\n")).toEqual({ kind: 'mains' });
    const windows = '{"EstimatedChargeRemaining":40,"EstimatedRunTime":90,"BatteryStatus":1}';
    expect(parseWindows(windows)).toEqual({
      kind: 'battery',
      charge: 0.4,
      isCharging: false,
      hoursLeft: 1.5,
    });
    expect(
      parseWindows('{"EstimatedChargeRemaining":99,"EstimatedRunTime":71582788,"BatteryStatus":2}'),
    ).toMatchObject({
      isCharging: true,
      hoursLeft: null,
    });
    expect(parseWindows('')).toEqual({ kind: 'mains' });
  });
});

describe('the departure check', () => {
  it('says stop, and what to do, for what would fail far from a network', () => {
    const broken = fault('pack-file-digest', { pack: 'small@1.0.0', file: 'model.onnx' });
    const report = {
      model: 'small@1.0.0',
      at: '',
      files: [{ path: 'model.onnx', fault: broken }],
      passed: false,
      durationMs: 1,
    };
    expect(modelsRow([report], [])).toMatchObject({ state: 'stop', fault: broken, todo: broken.hint });
    expect(modelsRow([], [])).toMatchObject({ state: 'stop', word: 'none' });
    const golden = {
      model: 'small@1.0.0',
      variant: 'fp32',
      provider: 'cpu',
      at: '',
      passed: 1,
      total: 2,
      cases: [],
    };
    const small = { model: 'small@1.0.0', title: 'Small thing 1.0.0', fault: null };
    const failed = goldenRow([{ ...small, result: golden }]);
    expect(failed).toMatchObject({ state: 'stop', word: 'failed', params: { model: 'Small thing 1.0.0' } });
    expect(failed.text).toBe('Small thing 1.0.0 gave 1 of 2 golden samples wrong.');
    // A command takes ids.
    expect(failed.todo).toContain('repair small@1.0.0');
    expect(goldenRow([{ ...small, result: { ...golden, passed: 2 } }]).state).toBe('ok');
    expect(diskRow(4_096 * 1_000, 4_096)).toMatchObject({ state: 'stop', params: { photos: 1_000 } });
    expect(diskRow(4_096 * 10_000, 4_096).state).toBe('look');
    expect(diskRow(4_096 * 100_000, 4_096).state).toBe('ok');
    expect(storeRow({ kind: 'disk-full', file: 'outpost.db', reason: 'no room' }).state).toBe('stop');
  });

  it('looks at the feed and at the clock', () => {
    const now = new Date('2026-11-23T12:00:00Z');
    const feed = (expiresAt: string) => ({
      publisher: 'Northfield',
      issuedAt: '2026-11-20T00:00:00Z',
      expiresAt,
      isExpired: false,
    });
    expect(feedRow(null, now).state).toBe('ok');
    expect(feedRow(feed('2027-02-01T00:00:00Z'), now)).toMatchObject({ state: 'ok', word: 'valid' });
    expect(feedRow(feed('2026-12-01T00:00:00Z'), now)).toMatchObject({ state: 'look', word: 'ends-soon' });
    expect(feedRow(feed('2026-11-01T00:00:00Z'), now)).toMatchObject({ state: 'look', word: 'expired' });
    expect(clockRow(now, [new Date('2026-11-20T00:00:00Z')]).state).toBe('ok');
    expect(clockRow(now, [new Date('2027-11-20T00:00:00Z')])).toMatchObject({
      state: 'stop',
      word: 'behind',
    });
  });

  it('counts what a battery is good for at the measured rate', () => {
    const power = { kind: 'battery', charge: 0.6, isCharging: false, hoursLeft: 3 } as const;
    expect(batteryRow(power, 20)).toMatchObject({
      state: 'ok',
      params: { percent: 60, hours: 3, photos: 216_000 },
    });
    expect(batteryRow({ ...power, hoursLeft: 1 }, 20)).toMatchObject({ state: 'look', word: 'low' });
    expect(batteryRow({ kind: 'unknown' }, null).state).toBe('unknown');
  });

  it('speaks as the window does: names of providers, rounded numbers, a version that is still being watched', () => {
    const cpu = { provider: 'cpu', verdict: { kind: 'proved', distance: 0 } } as unknown as ProviderReport;
    expect(providersRow([cpu], 'cpu').text).toBe('CPU.');
    expect(diskRow(69_368e6, 4_096)).toMatchObject({
      word: 'plenty',
      text: '69.4 GB free: room for the answers of more than a million photos.',
    });
    expect(diskRow(1e9, 4_096).text).toBe('1 GB free: room for the answers of about 240,000 photos.');
    const watched = {
      model: 'small',
      version: '1.1.0',
      share: 1,
      answered: 20,
      faults: 0,
      of: 50,
      medianMs: null,
      budgetMs: null,
    };
    const titles = new Map([['small', 'Small thing']]);
    expect(trialRow([watched], titles)).toMatchObject({ state: 'look', word: 'first-answers' });
    expect(trialRow([watched], titles).text).toContain(
      'Small thing 1.1.0 is new and still being watched: 20 of 50 answers.',
    );
    expect(trialRow([{ ...watched, answered: 50 }], titles).state).toBe('ok');
  });

  it('prints the words of the screen where it is given them', () => {
    const rows = [clockRow(new Date('2026-11-23T12:00:00Z'), [])];
    const report: DepartureReport = {
      at: '2026-11-23T12:00:00.000Z',
      computer: 'ranger',
      appVersion: '0.1.0',
      isReady: true,
      rows,
      durationMs: 1,
    };
    const args = DepartureTexts.parse({
      ...englishTexts(report),
      language: 'de',
      headline: 'Bereit zur Abreise',
      rows: [{ isReady: true, name: 'Uhr', text: 'Sie sagt 12:00.', todo: '', state: 'Bereit' }],
    });
    const page = reportPage(report, args);
    for (const text of ['<html lang="de">', 'Bereit zur Abreise', 'Uhr', 'Sie sagt 12:00.'])
      expect(page).toContain(text);
    expect(page).not.toContain('Clock');
  });

  it('prints what others wrote as text and never as markup', () => {
    const report: DepartureReport = {
      at: '2026-11-23T12:00:00.000Z',
      computer: '<b>ranger</b>',
      appVersion: '0.1.0',
      isReady: false,
      rows: [
        modelsRow(
          [],
          [fault('pack-unreadable', { pack: '<script>alert(1)</script>', reason: clientReason('"&"') })],
        ),
      ],
      durationMs: 1,
    };
    const page = reportPage(report);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;ranger&lt;/b&gt;');
    expect(page).toContain('1 thing to do first');
    expect(page).not.toMatch(/<script|https?:/u);
  });
});
