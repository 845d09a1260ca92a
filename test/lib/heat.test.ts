import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseTherm, readHeat } from '../../main/lib/heat.ts';
import { newFolder } from '../temp/folder.ts';

type Zone = {
  readonly temp: string;
  readonly mode?: string;
  readonly trips?: readonly (readonly [string, string])[];
};

/** A folder as `/sys/class/thermal` is, with these zones and a fan. */
function sysfs(zones: readonly Zone[]): string {
  const folder = newFolder();
  mkdirSync(path.join(folder, 'cooling_device0'));
  for (const [at, { temp, mode = 'enabled', trips = [] }] of zones.entries()) {
    const zone = path.join(folder, `thermal_zone${at}`);
    mkdirSync(zone);
    const files = { temp, mode, type: 'x86_pkg_temp' };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(zone, name), `${text}\n`);
    for (const [trip, [type, limit]] of trips.entries()) {
      writeFileSync(path.join(zone, `trip_point_${trip}_type`), `${type}\n`);
      writeFileSync(path.join(zone, `trip_point_${trip}_temp`), `${limit}\n`);
    }
  }
  return folder;
}
const heatOf = (...zones: readonly Zone[]) => readHeat('linux', sysfs(zones));

it('is where the kernel slows the processor down, of the zone that is closest to it', async () => {
  const trips = [
    ['active', '55000'],
    ['passive', '95000'],
    ['critical', '105000'],
  ] as const;
  expect(await heatOf({ temp: '48000', trips })).toBe('cool');
  expect(await heatOf({ temp: '91000', trips })).toBe('warm');
  expect(await heatOf({ temp: '95000', trips })).toBe('hot');
  expect(await heatOf({ temp: '40000', trips }, { temp: '97000', trips })).toBe('hot');
  expect(await heatOf({ temp: '96000', trips: [['critical', '105000']] })).toBe('hot');
  expect(await heatOf({ temp: '80000', trips: [['hot', '100000']] })).toBe('cool');
});

it('is unknown where no zone has a limit that can be believed', async () => {
  expect(await readHeat('linux', path.join(newFolder(), 'none'))).toBe('unknown');
  expect(await heatOf()).toBe('unknown');
  // Limits that nobody set, a sensor that is broken, a zone that is switched off, and one without a reading.
  expect(await heatOf({ temp: '60000', trips: [['passive', '0']] })).toBe('unknown');
  const trips = [['passive', '95000']] as const;
  expect(await heatOf({ temp: '-274000', trips })).toBe('unknown');
  expect(await heatOf({ temp: '255000', trips })).toBe('unknown');
  expect(await heatOf({ temp: '99000', mode: 'disabled', trips })).toBe('unknown');
  expect(await heatOf({ temp: '', trips })).toBe('unknown');
  expect(await readHeat('win32')).toBe('unknown');
});

it('is read of what macOS says that it leaves of the speed', () => {
  const textOf = (percent: number): string =>
    `Note: No thermal warning level has been recorded\n CPU_Scheduler_Limit \t= 100\n CPU_Speed_Limit \t= ${percent}\n`;
  expect([100, 70].map((percent) => parseTherm(textOf(percent)))).toEqual(['cool', 'hot']);
  expect(parseTherm('Note: No CPU power status has been recorded\n')).toBe('unknown');
});
