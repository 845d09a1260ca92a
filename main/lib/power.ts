import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Charge 0 to 1; `hoursLeft` at what the computer draws now, null where the system does not say. */
export type Power =
  | { readonly kind: 'mains' }
  | {
      readonly kind: 'battery';
      readonly charge: number;
      readonly isCharging: boolean;
      readonly hoursLeft: number | null;
    }
  | { readonly kind: 'unknown' };

const run = promisify(execFile);
const timeoutMs = 5_000;
const supplies = '/sys/class/power_supply';

/** What the system says of its power; asking it never fails. */
export async function readPower(
  platform: NodeJS.Platform = process.platform,
  folder = supplies,
): Promise<Power> {
  try {
    if (platform === 'linux') return await linuxPower(folder);
    if (platform === 'darwin')
      return parsePmset((await run('pmset', ['-g', 'batt'], { timeout: timeoutMs })).stdout);
    if (platform === 'win32')
      return parseWindows((await run('powershell', windowsQuestion, { timeout: timeoutMs })).stdout);
  } catch {
    return { kind: 'unknown' };
  }
  return { kind: 'unknown' };
}

/** Energy in µWh and power in µW, or charge in µAh and current in µA; the quotient is hours either way. */
async function linuxPower(folder: string): Promise<Power> {
  const names = await readdir(folder).catch(() => null);
  if (names === null) return { kind: 'unknown' };
  let left = 0;
  let full = 0;
  let rate = 0;
  let isPluggedIn = false;
  const states = new Set<string>();
  for (const name of names) {
    const value = async (file: string): Promise<string> =>
      (await readFile(join(folder, name, file), 'utf8').catch(() => '')).trim();
    // A mouse or a headset has a battery as well.
    if ((await value('scope')) === 'Device') continue;
    if ((await value('type')) !== 'Battery') {
      isPluggedIn ||= (await value('online')) === '1';
      continue;
    }
    if ((await value('present')) === '0') continue;
    const now = (await value('energy_now')) || (await value('charge_now'));
    const percent = await value('capacity');
    // A battery that is busy cannot be read for a moment, which is not an empty one.
    if (now === '' && percent === '') return { kind: 'unknown' };
    left += Number(now || percent);
    full += now === '' ? 100 : Number((await value('energy_full')) || (await value('charge_full')));
    // A gauge that knows its percents alone says nothing about the time that is left.
    if (now !== '') rate += Math.abs(Number((await value('power_now')) || (await value('current_now'))));
    states.add(await value('status'));
  }
  if (!(full > 0)) return { kind: 'mains' };
  // Of two batteries one rests while the other is used; one that is kept below full by choice rests on mains, and a weak charger lets it empty.
  const isCharging =
    states.has('Charging') || (!states.has('Discharging') && (isPluggedIn || states.has('Full')));
  const hoursLeft = rate > 0 && !isCharging ? left / rate : null;
  return { kind: 'battery', charge: Math.min(1, left / full), isCharging, hoursLeft };
}

/** `-InternalBattery-0 (id=1)	85%; discharging; 4:12 remaining present: true` */
export function parsePmset(text: string): Power {
  const line =
    /(\d+)%; (charging|discharging|charged|finishing charge|AC attached)[^;]*;?(?: (\d+):(\d\d) remaining)?/u.exec(
      text,
    );
  if (!line) return text.includes('AC Power') ? { kind: 'mains' } : { kind: 'unknown' };
  const [, percent, state, hours, minutes] = line;
  const isCharging = state !== 'discharging';
  const hoursLeft = !isCharging && hours !== undefined ? Number(hours) + Number(minutes) / 60 : null;
  return { kind: 'battery', charge: Number(percent) / 100, isCharging, hoursLeft };
}

const windowsQuestion = [
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  'Get-CimInstance Win32_Battery | Select-Object EstimatedChargeRemaining,EstimatedRunTime,BatteryStatus | ConvertTo-Json -Compress',
];
/** Windows says 71,582,788 minutes when it does not know. */
const unknownMinutes = 100_000;

export function parseWindows(text: string): Power {
  if (text.trim() === '') return { kind: 'mains' };
  const parsed = JSON.parse(text) as Record<string, number> | Record<string, number>[];
  const battery = Array.isArray(parsed) ? parsed[0] : parsed;
  const charge = battery?.['EstimatedChargeRemaining'];
  if (charge === undefined) return { kind: 'unknown' };
  const minutes = battery?.['EstimatedRunTime'] ?? unknownMinutes;
  const isCharging = battery?.['BatteryStatus'] !== 1;
  return {
    kind: 'battery',
    charge: charge / 100,
    isCharging,
    hoursLeft: !isCharging && minutes < unknownMinutes ? minutes / 60 : null,
  };
}
